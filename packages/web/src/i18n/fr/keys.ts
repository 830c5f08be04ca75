export const keys = {
  setUpTitle: 'Préparation de votre courrier scellé',
  setUpLead:
    'Cet appareil fabrique vos clés. Elles ne le quittent jamais en clair ; personne d’autre ne peut lire ce qui est scellé pour elles.',
  steps: {
    generating: 'Fabrication de vos clés',
    'sealing-backup': 'Scellement de la sauvegarde',
    registering: 'Enregistrement de la partie publique',
    'saving-backup': 'Enregistrement de la sauvegarde',
    'checking-backup': 'Vérification que la sauvegarde s’ouvre',
    deriving: 'Calcul de la clé à partir de la phrase secrète',
    done: 'Fini',
  },
  codeTitle: 'Notez votre code de restauration',
  codeLead:
    'Avec ce seul code, un nouvel appareil reçoit vos clés et tout votre historique. Personne ne peut le remplacer, pas même l’administrateur. Gardez-le sur papier.',
  code: 'Code de restauration',
  file: 'code-de-restauration-sealgate.txt',
  fileHead: (user: string, site: string) =>
    `Code de restauration des messages scellés de ${user} sur ${site}`,
  check: 'Recopiez-le maintenant depuis votre note, pour être sûr',
  checkHint: 'Les majuscules et les espaces ne comptent pas.',
  wrongCode: 'C’est un autre code que ci-dessus. Comparez-les et réessayez.',
  checkSubmit: 'Il est noté',
  later: 'Plus tard',
  restoreTitle: 'Ouvrez vos messages sur cet appareil',
  restoreLead:
    'Votre compte a des clés qui ne sont pas encore ici. Apportez-les avec votre code de restauration, et tout votre historique avec elles.',
  useCode: 'Avec le code de restauration',
  usePassphrase: 'Avec la phrase secrète',
  passphrase: 'Phrase secrète',
  restore: 'Restaurer',
  lostTitle: 'Code et phrase secrète perdus ?',
  lostLead:
    'Un autre appareil encore connecté a peut-être les clés. Sinon vous pouvez recommencer avec de nouvelles : ce qui était scellé pour les anciennes reste fermé à jamais, et vos correspondants sont prévenus.',
  reset: 'Recommencer avec de nouvelles clés',
  resetTitle: 'Vraiment recommencer avec de nouvelles clés ?',
  resetConfirm: 'Oui, fabriquer de nouvelles clés',
  alarmTitle: 'Le serveur a été pris à faire ce qu’il ne doit pas',
  alarmLead:
    'Son journal des clés ne tient pas debout. Ne vous fiez pas aux clés nouvelles pour vous ; comparez les numéros de sécurité, et demandez à l’administrateur par une autre voie.',
  alarmChecks: {
    signature: 'Le journal est signé avec une autre clé qu’avant.',
    consistency: 'Le journal ne continue pas celui qui a été vu.',
    'old-head': 'Le serveur a montré un état plus ancien du journal.',
    inclusion: 'Les clés de quelqu’un ne sont pas dans le journal.',
    chain: 'Les clés de quelqu’un ne suivent pas les précédentes.',
    'known-keys': 'Des clés vérifiées ont été remplacées.',
    entries: 'Les entrées du journal ne vont pas avec sa tête.',
    'own-entry': 'Il y a pour votre compte des clés que cet appareil n’a pas faites.',
    'message-head': 'Quelqu’un a vu un autre journal que vous.',
  },
  foreignTitle: (version: number) =>
    `Votre compte a de nouvelles clés (numéro ${version}) que cet appareil n’a pas faites`,
  foreignOwn:
    'Était-ce vous, sur un autre appareil ? Alors restaurez-les ici avec le code de restauration qui les accompagne, et ceci disparaît.',
  foreignOther:
    'Sinon, quelqu’un d’autre est dans votre compte et lit ce qu’on vous écrit désormais : déconnectez tous les autres appareils, changez votre mot de passe et recommencez avec de nouvelles clés.',
  foreignHistory: 'Voir vos clés',
  foreignDevices: 'Déconnecter les autres appareils',
  foreignKeys: 'Restaurer, ou recommencer avec de nouvelles clés',
  evidence: 'Enregistrer la preuve',
  dismiss: 'J’ai regardé',
};

export const contact = {
  title: (name: string) => `Vérifier ${name}`,
  lead: 'Comparez ce numéro avec celui sur l’écran de l’autre, côte à côte ou au téléphone. S’ils sont identiques, personne n’est entre vous.',
  number: 'Numéro de sécurité',
  qrAlt: 'Le numéro de sécurité en code QR',
  same: 'Ils sont identiques',
  verified: 'Vous avez comparé ce numéro.',
  logged: 'Vérifié par le journal des clés',
  loggedLead: (index: number, size: number) =>
    `Ces clés sont l’entrée ${index + 1} sur ${size} du journal montré à tous. Le serveur ne peut pas vous en donner d’autres sans être pris.`,
  compared: 'Comparé en personne',
  notCompared: 'Pas encore comparé en personne',
  notComparedLead: 'Vous seuls pouvez le faire. Après, il ne faut faire confiance à personne pour les clés.',
  unmark: 'Enlever la marque',
  different: 'Ils diffèrent ?',
  differentLead:
    'Alors n’écrivez rien de secret ici. Rechargez tous les deux, comparez encore, et s’ils diffèrent toujours, demandez à l’administrateur.',
  noKeys: 'Cette personne n’a pas encore de clés. Elles sont faites quand elle ouvre ses conversations.',
  changed: 'Ces clés sont autres que celles d’avant.',
  history: 'Clés de cette personne',
  version: (number: number) => `Clés numéro ${number}`,
  since: (time: string) => `depuis le ${time}`,
  back: 'Retour à la conversation',
};

export const history = {
  title: 'Vos clés, telles que chacun les voit',
  lead: 'Chaque version enregistrée un jour pour votre compte, prouvée par le journal des clés. Il ne devrait y en avoir aucune dont vous ne vous souvenez pas.',
  entry: (index: number) => `entrée ${index + 1} du journal des clés`,
  first: 'Les premières clés du compte.',
  follows: 'Signées par les précédentes : faites par qui les avait.',
  reset: 'Refaites sans les précédentes.',
  encryption: 'Pour sceller',
  signing: 'Pour signer',
  here: 'Sur cet appareil',
  elsewhere: 'Pas sur cet appareil',
  foreign: 'Pas faites par cet appareil',
  logLead:
    'Le journal ne peut que croître. Votre appareil vérifie qu’il continue ce qu’il a vu, que les clés de chacun y sont, et qu’il n’en contient aucune pour vous que vous n’avez pas faite.',
};
