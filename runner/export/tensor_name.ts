/** The name of a slot in a file of tensors: as those of a PyTorch module, with dots between its parts. */
export const tensorName = (slot: string): string => slot.replaceAll("/", ".");
