/** What the small-image networks of the papers are meant for: CIFAR-10. */
export const cifar = { image: { channels: 3, height: 32, width: 32 }, classes: 10 } as const;
