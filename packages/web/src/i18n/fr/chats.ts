export const home = {
  title: 'Conversations',
  newChat: 'Nouvelle conversation',
  settings: 'Réglages',
  empty: 'Pas encore de conversation',
  emptyLead: 'Cherchez quelqu’un par son nom et écrivez le premier message. Vous seuls pouvez le lire.',
  pick: 'Choisissez une conversation, ou commencez-en une.',
  unread: (count: number) => `${count} non ${count === 1 ? 'lu' : 'lus'}`,
  offline: 'Pas de connexion au serveur. Ce que vous écrivez est gardé et envoyé plus tard.',
  codeWaiting:
    'Votre code de restauration n’est pas encore noté. Sans lui, un nouvel appareil ne peut pas lire vos messages.',
  showCode: 'Afficher le code',
};

export const chat = {
  says: (name: string, text: string) => `${name} : ${text}`,
  justYou: 'Vous seul',
  formerMember: 'Quelqu’un qui est parti',
  empty: 'Pas encore de message',
  emptyLead: 'Dites bonjour. Ce que vous écrivez est scellé sur cet appareil.',
  beginning: 'Ici commence la conversation.',
  deleted: 'Ce message a été retiré.',
  unopened: 'Un message qui ne s’ouvre pas',
  missing: (count: number) => (count === 1 ? 'Il manque un message' : `Il manque ${count} messages`),
  missingWhy: 'Le serveur l’a omis. Rechargez ; si cela dure, prévenez les autres par une autre voie.',
  messages: (title: string) => `Messages avec ${title}`,
  write: 'Écrire un message',
  send: 'Envoyer',
  older: 'Lecture des messages plus anciens',
  membersCount: (count: number) => `${count} membres`,
  members: 'Membres',
  verify: 'Vérifier',
  sent: 'Envoyé',
  read: 'Lu',
  readBy: (names: string) => `Lu par ${names}`,
  waiting: 'En attente d’envoi',
  sending: 'Envoi',
  retry: 'Renvoyer',
  discard: 'Ne pas envoyer',
  delete: 'Retirer',
  deleteTitle: 'Retirer ce message ?',
  deleteLead: 'Chacun verra qu’il y en avait un. Qui l’a lu peut s’en souvenir.',
  removeSelf: 'Quitter le groupe',
  leaveLead: 'Vous ne recevrez plus de messages de ce groupe et ne pourrez pas lire la suite.',
  remove: 'Retirer',
  addMember: 'Ajouter quelqu’un',
  owner: 'Propriétaire',
  warnings: {
    replayed: 'Le serveur a déjà montré ce message.',
    inconsistent:
      'Ce message ne va pas avec les précédents : le serveur montre peut-être des conversations différentes.',
    gap: 'Le serveur a omis quelque chose avant ce message.',
  },
  reasons: {
    malformed: 'Ce message n’est pas construit comme il faut et n’a pas été ouvert. Redemandez-le.',
    misplaced:
      'Le serveur montre ce message au mauvais endroit. Rechargez ; si cela dure, demandez à l’expéditeur.',
    'not-for-this-key': 'Ce message n’a pas été scellé pour vous. Demandez à l’expéditeur de le renvoyer.',
    'key-lost': 'Ce message a été scellé pour des clés à vous qui ne sont pas sur cet appareil.',
    tampered:
      'Ce message a été modifié en route et n’a pas été ouvert. Demandez à l’expéditeur par une autre voie.',
    'unknown-sender-key':
      'La clé sous ce message n’est pas celle de l’expéditeur. Comparez vos numéros de sécurité.',
    'bad-signature':
      'La signature sous ce message n’est pas celle de l’expéditeur. Comparez vos numéros de sécurité.',
    forwarded: 'Ce message a été écrit pour une autre conversation ou pour d’autres. Ne vous y fiez pas ici.',
    replayed: 'Le serveur montre ce message une seconde fois.',
    inconsistent:
      'Ce message ne va pas avec les précédents : le serveur montre peut-être des conversations différentes.',
    gap: 'Le serveur a omis quelque chose avant ce message.',
    'unverified-sender-keys':
      'Les clés de l’expéditeur n’ont pas pu être vérifiées : le message n’a pas été ouvert.',
  },
  restoreKeys: 'Restaurer vos clés',
  compare: 'Comparer les numéros de sécurité',
  reload: 'Réessayer',
  tooLong: 'C’est trop long pour un message : envoyez-le en plusieurs parties.',
};

export const trust = {
  changed: (name: string) =>
    `${name} a de nouvelles clés, peut-être d’un nouvel appareil. Comparez vos numéros de sécurité quand vous vous verrez.`,
  changedAfterCompare: (name: string) =>
    `Les clés de ${name} ont changé depuis votre comparaison. Rien n’est envoyé tant que vous n’avez pas comparé à nouveau ou accepté.`,
  compare: 'Comparer',
  accept: 'Accepter les nouvelles clés',
  marks: {
    log: 'Vérifié par le journal',
    compared: 'Comparé en personne',
    changed: 'Nouvelles clés',
    'changed-after-compare': 'Nouvelles clés : comparez',
  },
};

export const newChat = {
  title: 'Nouvelle conversation',
  search: 'Chercher quelqu’un',
  searchHint: 'Par nom d’utilisateur ou par nom',
  none: 'Personne ne s’appelle ainsi. Demandez le nom d’utilisateur exact.',
  someone: 'Il n’y a encore personne d’autre. Invitez quelqu’un à créer un compte.',
  noKeys: 'N’a pas encore ouvert les conversations',
  group: 'Créer un groupe',
  groupTitle: 'Nom du groupe',
  makeGroup: (count: number) => `Créer le groupe (${count})`,
  direct: 'Parler à une personne',
  results: 'Personnes',
};

export const blocking = {
  title: (name: string) => `Bloquer ${name} ?`,
  lead: 'Entre vous et une personne bloquée, aucune conversation ne commence et votre conversation à deux ne prend plus de message. Les groupes restent, et ce qui a été dit aussi. La personne n’en est pas avertie.',
  block: 'Bloquer',
  blocked: (name: string) =>
    `Vous avez bloqué ${name} : rien de nouveau n’arrive de sa part, et rien ne part.`,
  unblock: 'Débloquer',
  nobody: 'Vous n’avez bloqué personne.',
  gone: 'Un compte supprimé',
};
