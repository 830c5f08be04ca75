export const signIn = {
  title: 'Se connecter',
  with42: 'Continuer avec 42',
  email: 'Adresse e-mail',
  password: 'Mot de passe',
  submit: 'Se connecter',
  forgot: 'Mot de passe oublié ?',
  noAccount: 'Pas encore de compte ?',
  register: 'En créer un',
  ended:
    'Vous avez été déconnecté : depuis un autre appareil, ou parce que la connexion était terminée. Reconnectez-vous pour continuer.',
  deleted: 'Votre compte est supprimé, et il n’en reste rien sur cet appareil.',
  errors: {
    access_denied:
      'Vous n’avez pas autorisé la connexion chez 42. Réessayez, ou utilisez votre adresse e-mail.',
    invalid_state:
      'Cette connexion avec 42 avait expiré ou venait d’un autre navigateur. Recommencez, s’il vous plaît.',
    provider_unavailable:
      '42 ne répond pas pour le moment. Réessayez dans une minute, ou utilisez votre adresse e-mail.',
    provider_error:
      'La réponse de 42 est incompréhensible. Réessayez ; si cela dure, prévenez l’administrateur du site.',
    account_suspended: 'Ce compte est suspendu. Adressez-vous à l’administrateur du site.',
    unknown: 'La connexion avec 42 n’a pas marché. Veuillez réessayer.',
  },
};

export const register = {
  title: 'Créer un compte',
  lead: 'Pour du courrier scellé : seuls vous et vos correspondants pouvez le lire.',
  username: 'Nom d’utilisateur',
  usernameHint: 'On vous trouve par ce nom : 3 à 32 caractères parmi a–z, 0–9, « _ », « . » et « - ».',
  usernameBad: 'Utilisez 3 à 32 lettres minuscules a–z, chiffres, « _ », « . » ou « - ».',
  emailBad: 'Cela ne ressemble pas à une adresse e-mail. Y a-t-il une faute de frappe ?',
  submit: 'Créer le compte',
  haveOne: 'Vous avez un compte ?',
};

export const password = {
  show: 'Afficher le mot de passe',
  hide: 'Cacher le mot de passe',
  new: 'Nouveau mot de passe',
  hint: 'Au moins 10 caractères ; quatre mots au hasard font l’affaire.',
  strength: 'Solidité du mot de passe',
  levels: ['Trop facile à deviner', 'Encore facile à deviner', 'Presque', 'Bon', 'Très bon'],
  tooShort: (missing: number) => `Encore ${missing} ${missing === 1 ? 'caractère' : 'caractères'}`,
  rules: {
    characters: 'Le mot de passe contient un caractère cassé. Veuillez le retaper.',
    length: 'Utilisez 10 à 128 caractères.',
    personal: 'N’y mettez ni votre nom d’utilisateur ni celui de votre adresse e-mail.',
    common:
      'Les attaquants essaient celui-ci en premier. Prenez-en un autre : quatre mots au hasard, par exemple.',
    guessable: 'C’est facile à deviner. Allongez-le : quatre mots au hasard font l’affaire.',
  },
} as const;

export const forgot = {
  title: 'Mot de passe oublié ?',
  lead: 'Donnez l’adresse e-mail de votre compte, et nous vous envoyons un lien vers un nouveau mot de passe.',
  submit: 'Envoyer le lien',
  sent: 'S’il y a un compte à cette adresse, un lien est en route. Il sert une fois, pendant 30 minutes. Regardez aussi dans les indésirables.',
  backToSignIn: 'Retour à la connexion',
};

export const reset = {
  title: 'Choisir un nouveau mot de passe',
  lead: 'Tous vos appareils seront déconnectés. Vos messages et vos clés restent tels quels.',
  submit: 'Enregistrer le mot de passe',
  done: 'Votre nouveau mot de passe est enregistré. Connectez-vous avec lui.',
  noToken: 'Ce lien est incomplet. Ouvrez-le à nouveau depuis l’e-mail, ou demandez-en un autre.',
  askAgain: 'Demander un autre lien',
};

export const verifyEmail = {
  title: 'Votre adresse e-mail',
  busy: 'Confirmation de l’adresse …',
  done: 'Votre adresse e-mail est confirmée.',
  failed: 'Ce lien a déjà servi ou est trop ancien. Vous pouvez en demander un autre dans les réglages.',
};

export const second = {
  title: 'Encore une étape',
  lead: 'Tapez les six chiffres que votre application d’authentification affiche maintenant.',
  code: 'Code',
  submit: 'Continuer',
  useRecovery: 'Utiliser un code de secours',
  useCode: 'Utiliser l’application d’authentification',
  recoveryLead: 'Tapez l’un des dix codes de secours que vous avez gardés. Il sert une fois.',
  recoveryCode: 'Code de secours',
  codeBad: 'Un code a six chiffres.',
  locked: (time: string) => `Trop de codes faux. Vous pourrez réessayer dans ${time}.`,
  unlocked: 'Vous pouvez réessayer maintenant.',
  signOut: 'Se connecter sous un autre nom',
};

export const firstLogin = {
  title: 'Protégez votre compte',
  lead: 'Avec une seconde étape, personne n’entre avec votre seul mot de passe. Il faut une minute et une application d’authentification.',
  scan: 'Scannez ceci avec votre application d’authentification',
  qrAlt: 'Code QR avec le secret pour votre application d’authentification',
  orType: 'Ou tapez-y ce secret',
  thenCode: 'Puis tapez les six chiffres qu’elle affiche',
  activate: 'Activer',
  skip: 'Pas maintenant',
  skipHint: 'Vous pourrez l’activer plus tard dans les réglages.',
  required: 'Ce site demande une seconde étape à tout le monde.',
};

export const codes = {
  title: 'Gardez vos codes de secours',
  lead: 'Si vous perdez l’application, chacun d’eux vous laisse entrer une fois. Ils ne s’affichent que maintenant : rangez-les avec vos papiers.',
  file: 'codes-de-secours-sealgate.txt',
  fileHead: (user: string, site: string) => `Codes de secours de ${user} pour ${site}. Chacun sert une fois.`,
  check: (position: number) => `Pour être sûr que vous les avez : tapez le code numéro ${position}`,
  wrong: 'Ce n’est pas le code à cette place. Regardez ce que vous avez gardé et réessayez.',
  submit: 'Je les ai gardés',
};
