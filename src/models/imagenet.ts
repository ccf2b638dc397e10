/** What the large-image networks of the papers are meant for: ImageNet. */
export const imageNet = { image: { channels: 3, height: 224, width: 224 }, classes: 1000 } as const;
