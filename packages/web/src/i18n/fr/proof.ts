export const proof = {
  title: 'C’est toujours vous ?',
  lead: 'Ce que vous allez faire ne se défait pas facilement : prouvez encore une fois qui vous êtes.',
  useCode: 'Avec un code de l’application',
  usePassword: 'Avec le mot de passe',
  with42: 'Se reconnecter avec 42',
};
