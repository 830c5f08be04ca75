export const errors = {
  network: 'Le serveur est injoignable. Vérifiez votre connexion et réessayez.',
  timeout: 'Le serveur met trop de temps à répondre. Réessayez dans un instant.',
  service_unavailable: 'Le serveur est trop occupé pour le moment. Réessayez dans quelques secondes.',
  internal_error:
    'Quelque chose s’est mal passé sur le serveur. Réessayez ; si cela dure, prévenez l’administrateur du site.',
  bad_response:
    'La réponse n’est pas celle d’un serveur Sealgate. Rechargez la page ; si cela dure, prévenez l’administrateur du site.',
  rate_limited: 'C’était trop souvent. Attendez un peu et réessayez.',
  unauthenticated: 'Votre connexion est terminée. Connectez-vous à nouveau.',
  second_factor_required: 'La seconde étape n’est pas faite. Connectez-vous à nouveau.',
  forbidden: 'Vous n’en avez pas le droit. Demandez à la personne à qui cela appartient.',
  not_found: 'Ce n’est plus là. Revenez en arrière et regardez à nouveau.',
  validation_failed: 'Quelque chose n’est pas rempli comme il faut. Regardez les champs et réessayez.',
  invalid_credentials:
    'L’adresse e-mail ou le mot de passe est faux. Réessayez, ou choisissez un nouveau mot de passe.',
  wrong_password: 'Ce n’est pas votre mot de passe. Réessayez.',
  invalid_code: 'Ce code n’est pas le bon, ou a déjà servi. Attendez le suivant et tapez-le.',
  second_factor_locked: 'Trop de codes faux. Attendez un quart d’heure et réessayez.',
  two_factor_enabled: 'La seconde étape est déjà activée. Rechargez la page.',
  two_factor_not_generated: 'Ce secret n’est plus valable. Rechargez la page et scannez le nouveau.',
  two_factor_required: 'Ce site demande une seconde étape à tout le monde. Veuillez l’activer.',
  username_taken: 'Quelqu’un porte déjà ce nom. Prenez-en un autre.',
  email_taken:
    'Il y a déjà un compte à cette adresse. Connectez-vous, ou choisissez un nouveau mot de passe.',
  weak_password:
    'Ce mot de passe est trop faible. Prenez-en un plus long : quatre mots au hasard, par exemple.',
  invalid_token: 'Ce lien a déjà servi ou est trop ancien. Demandez-en un autre.',
  account_suspended: 'Ce compte est suspendu. Adressez-vous à l’administrateur du site.',
  reauthentication_required: 'Veuillez prouver encore une fois que c’est vous.',
  last_admin: 'Vous êtes le dernier administrateur. Nommez-en d’abord un autre.',
  user_without_keys:
    'Cette personne n’a jamais ouvert les conversations de Sealgate : on ne peut encore rien sceller pour elle. Demandez-lui de se connecter une fois.',
  direct_chat: 'Une conversation à deux n’a pas d’autres membres. Créez plutôt un groupe.',
  contact_keys_changed:
    'Les clés de quelqu’un dans cette conversation ont changé. Regardez-les avant de continuer.',
  key_log_alarm:
    'Le journal des clés du serveur ne tient pas debout : rien n’a été utilisé. Ne vous fiez pas à ce qu’il dit des clés ; demandez à l’administrateur par une autre voie.',
  key_log_conflict:
    'Le serveur montre des journaux de clés différents. Rien n’est scellé tant que vous n’avez pas regardé.',
  keys_missing: 'Ce compte n’a pas encore de clés. Préparez d’abord votre courrier scellé.',
  keys_locked: 'Vos clés ne sont pas sur cet appareil. Restaurez-les avec votre code de restauration.',
  recipients_unsettled: 'Les membres de cette conversation changent sans cesse. Réessayez dans un instant.',
  message_too_large:
    'Ce message est trop long pour être scellé en une fois. Envoyez-le en plusieurs parties.',
  mistyped_code:
    'Il y a une faute de frappe dans le code de restauration. Comparez avec ce que vous avez noté.',
  wrong_secret: 'La sauvegarde ne s’ouvre pas avec cela. Comparez avec ce que vous avez noté.',
  no_passphrase: 'Cette sauvegarde n’a pas de phrase secrète. Utilisez le code de restauration.',
  damaged_backup:
    'La sauvegarde est abîmée ou appartient à un autre compte. Utilisez un autre appareil qui a les clés, ou recommencez avec de nouvelles.',
  backup_unverified:
    'La sauvegarde a été écrite mais n’a pas pu être relue : elle n’est pas encore sûre. Réessayez.',
  backup_conflict: 'Un autre appareil a changé la sauvegarde entre-temps. Rechargez et réessayez.',
  key_version_conflict: 'Un autre appareil a fait de nouvelles clés entre-temps. Rechargez et restaurez-les.',
  key_already_registered: 'Ces clés sont déjà enregistrées. Rechargez la page.',
  two_factor_not_enabled: 'La seconde étape est déjà désactivée. Rechargez la page.',
  blocked: 'L’un de vous ne veut plus rien recevoir de l’autre : rien ne peut être envoyé ici.',
  too_many_blocks:
    'Vous avez bloqué autant de personnes que possible. Débloquez d’abord quelqu’un, dans les réglages.',
  chat_full: 'Ce groupe a autant de membres que possible. Quelqu’un doit d’abord partir.',
  cross_site_request:
    'La demande venait d’un autre site et a été refusée. Rechargez cette page et réessayez.',
  payload_too_large: 'C’est trop pour une seule demande. Raccourcissez, ou envoyez en plusieurs parties.',
  request_timeout: 'Votre connexion était trop lente pour cela. Réessayez où elle est meilleure.',
  provider_unavailable: '42 ne répond pas pour l’instant. Réessayez dans une minute.',
  clipboard: 'Le navigateur ne laisse pas cette page copier. Sélectionnez le texte et copiez-le vous-même.',
  unknown: 'Quelque chose s’est mal passé. Réessayez ; si cela dure, rechargez la page.',
};

export const errorDetails = {
  reference: (id: string) => `Référence : ${id}`,
  waitSeconds: (seconds: number) => `Réessayez dans ${seconds} ${seconds === 1 ? 'seconde' : 'secondes'}.`,
};
