// What can be undone: whole states, which are small and never changed.
export class History {
  constructor(state) {
    this.states = [state];
    this.place = 0;
  }

  get now() {
    return this.states[this.place];
  }

  get canUndo() {
    return this.place > 0;
  }

  get canRedo() {
    return this.place < this.states.length - 1;
  }

  add(state) {
    if (JSON.stringify(state) === JSON.stringify(this.now)) return;
    this.states.splice(this.place + 1, Infinity, state);
    this.place += 1;
  }

  undo() {
    if (this.canUndo) this.place -= 1;
    return this.now;
  }

  redo() {
    if (this.canRedo) this.place += 1;
    return this.now;
  }
}
