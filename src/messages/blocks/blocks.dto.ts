export class BlockView {
  userId!: string;
  createdAt!: Date;
}

export class BlocksView {
  items!: BlockView[];
  /** Always null: the list is whole, as nobody can block more people than it holds. */
  nextCursor!: string | null;
}
