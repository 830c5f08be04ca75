export const about = {
  title: 'Ce qui est protégé, et ce qui ne l’est pas',
  lead: 'Sealgate scelle les messages sur votre appareil : le serveur transporte ce qu’il ne peut pas lire. Cette page dit simplement ce que cela vaut.',
  protectedTitle: 'Ce qui est protégé',
  protected: [
    'Ce que vous écrivez. Seuls les membres d’une conversation l’ouvrent ; une base volée, une sauvegarde, un journal ou un administrateur curieux n’en apprennent rien.',
    'Que c’est bien de vous. Chaque message est signé : personne ne peut en changer, forger, déplacer ou répéter un sans que cela se voie, et un message omis laisse un trou visible.',
    'À qui est la clé. Les clés sont dans un journal public que votre appareil vérifie lui-même ; comparez une fois le numéro de sécurité avec quelqu’un que vous connaissez, et personne ne peut se mettre entre vous.',
    'Votre connexion. Les mots de passe sont gardés hachés avec une clé, la seconde étape ne se contourne pas, et un appareil déconnecté l’est en une seconde.',
    'Votre historique. Un code de restauration l’apporte sur un nouvel appareil ; le serveur ne le garde que chiffré.',
  ],
  notTitle: 'Ce qui n’est pas protégé',
  not: [
    'Qui écrit à qui, quand et combien. Le serveur le voit.',
    'Le passé, si vos clés sont volées : qui a vos clés, ou votre code de restauration et votre compte, peut tout lire.',
    'Un serveur qui vous envoie un programme modifié. Si vous devez l’exclure, utilisez un client qui ne vient pas du serveur.',
    'Un appareil que quelqu’un d’autre contrôle, et les gens qui répètent ce que vous leur avez écrit.',
    'La perte de tout à la fois : sans vos appareils, le code et la phrase secrète, personne ne peut plus ouvrir vos messages.',
  ],
  howTitle: 'Comment vous pouvez aider',
  how: [
    'Activez la seconde étape, et gardez ses codes de secours sur papier.',
    'Notez le code de restauration de vos messages, et gardez-le loin de vos appareils.',
    'Comparez les numéros de sécurité avec les personnes qui comptent.',
  ],
} as const;
