// Where the page of a unit is, in the language of this one.

export const unitAddress = ({ edition, level, code }) => `/don-vi/${edition}/${level}/${code}${location.search}`;
