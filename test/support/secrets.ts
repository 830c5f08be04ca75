/** Only for tests. */
export const SECRETS = {
  MASTER_KEY: 'hsD0Zl3yqk1mQeTnB7uVx5wRpJ8cAf2g',
  JWT_REFRESH_SECRET: 'Yt6rWq9pLm3nBv5xZk8jHg2fDs4aQw7e',
  PASSWORD_PEPPER: 'uI9oP0aS1dF2gH3jK4lZ5xC6vB7nM8qW',
};
