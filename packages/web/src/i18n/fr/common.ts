export const common = {
  language: 'Langue',
  whatIsProtected: 'Ce qui est protégé',
  copied: 'Copié',
  copy: 'Copier',
  cancel: 'Annuler',
  close: 'Fermer',
  back: 'Retour',
  save: 'Enregistrer',
  saved: 'Enregistré',
  continue: 'Continuer',
  download: 'Télécharger',
  print: 'Imprimer',
  tryAgain: 'Réessayer',
  loading: 'Chargement',
  signIn: 'Se connecter',
  signOut: 'Se déconnecter',
  home: 'Vers vos conversations',
  skipToContent: 'Aller au contenu',
  or: 'ou',
  you: 'Vous',
};

export const notFound = {
  title: 'Cette page n’existe pas',
  lead: 'L’adresse est peut-être mal écrite, ou ce qui était ici a changé de place. Rien de ce qui est à vous n’est perdu.',
};

export const unreachable = { title: 'Le serveur est injoignable' };
