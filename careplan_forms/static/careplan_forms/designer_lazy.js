/*
 * Items of a section that are built when somebody opens them. Until then an item is its values as hidden fields, under
 * the names and in the order its fields will have: what nobody opened is sent as it came, and a page of forty items
 * opens as fast as one of few.
 */
(() => {
  const { StructBlockDefinition, StreamBlockDefinition, ListBlockDefinition } = window.wagtailStreamField.blocks;

  /* What an item would send: [name, value] pairs in the order of its fields in the page. */

  function* sent(def, prefix, state) {
    if (def instanceof StructBlockDefinition) yield* sentByStruct(def, prefix, state ?? {});
    else if (def instanceof StreamBlockDefinition) yield* sentBySequence(prefix, state, (each) => def.childBlockDefsByName[each.type]);
    else if (def instanceof ListBlockDefinition) yield* sentBySequence(prefix, state, () => def.childBlockDef);
    else yield* sentByField(def, prefix, state);
  }

  function* sentByStruct(def, prefix, state) {
    for (const name of laidOut(def.meta.formLayout)) yield* sent(def.childBlockDefsByName[name], `${prefix}-${name}`, state[name]);
  }

  function* laidOut(group) {
    for (const [child] of [...group.opts.settings, ...group.opts.children]) {
      if (typeof child === "string") yield child;
      else yield* laidOut(child);
    }
  }

  function* sentBySequence(prefix, state, defOf) {
    const rows = state ?? [];
    yield [`${prefix}-count`, rows.length];
    for (const [at, each] of rows.entries()) {
      yield [`${prefix}-${at}-deleted`, ""];
      yield [`${prefix}-${at}-order`, at];
      yield [`${prefix}-${at}-type`, each.type ?? ""];
      yield [`${prefix}-${at}-id`, each.id ?? ""];
      yield* sent(defOf(each), `${prefix}-${at}-value`, each.value);
    }
  }

  function* sentByField(def, prefix, state) {
    if (Array.isArray(state)) for (const each of offered(def.widget, state)) yield [prefix, each];
    else if (typeof state !== "boolean") yield [prefix, asShown(def.widget, state)];
    else if (state) yield [prefix, "on"];
  }

  /* What is chosen, in the order it is offered in. */
  const offered = (widget, chosen) => {
    const at = (value) => widget.html?.indexOf(`value="${value}"`) ?? -1;
    return [...chosen].sort((one, other) => at(one) - at(other));
  };

  /* As the field's own control would have it: a box of several lines knows one kind of line end. */
  function asShown(widget, state) {
    const text = String(state ?? "");
    return widget.html?.includes("<textarea") ? text.replace(/\r\n?/g, "\n") : text;
  }

  function held(pairs) {
    const holder = document.createElement("div");
    for (const [name, value] of pairs) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      holder.append(field);
    }
    return holder;
  }

  /* Stands for the item's fields; whatever needs more than its values builds them. */

  class Waiting {
    constructor(def, placeholder, prefix, state, build) {
      this.blockDef = def;
      this.type = def.name;
      this.prefix = prefix;
      this.state = state;
      this.build = build;
      this.holder = held(sent(def, prefix, state));
      placeholder.replaceWith(this.holder);
      const panel = this.holder.closest("[data-panel]");
      const toggle = panel?.querySelector("[data-panel-toggle]");
      const opened = () => !toggle || toggle.getAttribute("aria-expanded") === "true";
      panel?.addEventListener("wagtail:panel-toggle", () => opened() && this.block);
      // By then the panel was closed, if it is to be: an item that was just added stays open.
      queueMicrotask(() => opened() && this.block);
    }

    get block() {
      this.built ??= this.build(this.holder);
      return this.built;
    }

    get container() {
      return this.block.container;
    }

    get childBlocks() {
      return this.block.childBlocks;
    }

    getTextLabel(options) {
      if (this.built) return this.built.getTextLabel(options);
      const text = String(this.state?.label ?? "").trim();
      return text.length > options?.maxLength ? `${text.slice(0, options.maxLength - 1)}…` : text;
    }

    setState(state) {
      this.block.setState(state);
    }

    setError(error) {
      if (error || this.built) this.block.setError(error);
    }

    getState() {
      return this.block.getState();
    }

    getValue() {
      return this.block.getValue();
    }

    getDuplicatedState() {
      return this.block.getDuplicatedState();
    }

    focus(options) {
      this.block.focus(options);
    }
  }

  class ItemDefinition extends StructBlockDefinition {
    render(placeholder, prefix, state, error) {
      if (error || !state?.link_id) return super.render(placeholder, prefix, state, error);
      return new Waiting(this, placeholder, prefix, state, (holder) => super.render(holder, prefix, state, error));
    }
  }

  window.telepath.register("careplan_forms.blocks.ItemBlock", ItemDefinition);
})();
