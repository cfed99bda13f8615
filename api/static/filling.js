// Filling in a form on a weak network. Without this file the form's own buttons do the same in one piece.
// Photos are made smaller here and go up one by one as they are taken, tried again until they arrive; what is typed is
// kept on this device at once and at the office a moment later. Whatever this browser cannot do is left to the server.
(() => {
  "use strict";

  const LONGEST_SIDE = 1600, QUALITY = 0.85, SMALL_ENOUGH = 300 * 1024;
  const AFTER_TYPING = 2500, FIRST_WAIT = 1000, LONGEST_WAIT = 30000, TOO_SLOW = 180000;

  // --- Photos made smaller: JPEG of at most 1600 px, upright, under its own name; the original where that is impossible.

  const upright = () => window.CSS?.supports?.("image-orientation", "from-image");

  const drawn = (picture) => {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.naturalWidth, picture.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.naturalWidth * scale);
    canvas.height = Math.round(picture.naturalHeight * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
  };

  const shrink = async (file) => {
    if (!/^image\/(jpeg|png|webp|heic|heif|avif)$/.test(file.type) || file.size <= SMALL_ENOUGH || !upright()) return file;
    const address = URL.createObjectURL(file);
    try {
      const picture = new Image();
      picture.src = address;
      await picture.decode();
      const small = await drawn(picture);
      if (!small || small.size >= file.size) return file;
      const name = /\.jpe?g$/i.test(file.name) ? file.name : `${file.name.replace(/\.[^.]*$/, "")}.jpg`;
      return new File([small], name, { type: "image/jpeg", lastModified: file.lastModified });
    } catch { // a format or a size that this browser cannot draw
      return file;
    } finally {
      URL.revokeObjectURL(address);
    }
  };

  // --- One form: its line of words, its copy on this device, and one errand to the office at a time.

  const draftable = (field) => field.name && field.name !== "form_key" && !["file", "password", "hidden"].includes(field.type);
  const chosen = (field) => ["checkbox", "radio"].includes(field.type);
  const wait = (time) => new Promise((done) => {
    window.setTimeout(done, time);
    window.addEventListener("online", done, { once: true });
  });
  const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  class Filling {
    constructor(form) {
      this.form = form;
      this.line = form.querySelector("[data-kept]");
      this.local = `draft:${form.dataset.draft}`;
      this.errands = Promise.resolve();
      this.open = 0; // photos that have not arrived
      this.typed = 0; // counts what was typed, to know whether the office has all of it
      this.stopped = false;
      try { this.restore(); } catch { localStorage.removeItem(this.local); }
      form.addEventListener("input", (event) => { if (event.target.type !== "file") this.changed(); });
      form.addEventListener("change", (event) => { if (event.target.type === "file") this.take(event.target); });
      form.addEventListener("submit", (event) => this.leaving(event));
      window.addEventListener("pageshow", (event) => { if (event.persisted) this.stopped = false; });
      window.addEventListener("beforeunload", (event) => { if (this.open && !this.stopped) event.preventDefault(); });
    }

    say(words, tone) {
      if (!this.line) return;
      this.line.hidden = false;
      this.line.dataset.tone = tone;
      this.line.textContent = words;
    }

    // What is typed, on this device.
    store() {
      const values = [...this.form.elements].filter(draftable)
        .map((field) => [field.name, chosen(field) ? field.value : "", chosen(field) ? field.checked : field.value]);
      try { localStorage.setItem(this.local, JSON.stringify(values)); } catch { /* storage full or forbidden */ }
    }

    restore() {
      const text = this.form.dataset.draft && localStorage.getItem(this.local);
      if (!text || document.querySelector("[data-focus]")) return;
      let changed = false;
      for (const [name, choice, value] of JSON.parse(text)) {
        for (const field of [...this.form.elements].filter((one) => one.name === name && draftable(one))) {
          if (chosen(field)) {
            if (field.value === choice && field.checked !== value) { field.checked = value; changed = true; }
          } else if (field.value !== value) { field.value = value; changed = true; }
        }
      }
      const note = this.form.querySelector("[data-draft-note]");
      if (note) note.hidden = !changed;
      if (changed) this.changed();
    }

    // What is typed, at the office, a moment after the last stroke.
    changed() {
      this.typed += 1;
      if (this.form.dataset.draft) this.store();
      if (!this.form.dataset.keep) return;
      window.clearTimeout(this.soon);
      this.soon = window.setTimeout(() => this.queue(() => this.keep()), AFTER_TYPING);
    }

    async keep() {
      const seen = this.typed;
      const answer = await this.deliver("draft", () => this.filled());
      if (answer?.saved) this.saved(answer.saved, seen);
    }

    saved(time, seen) {
      if (seen === this.typed) localStorage.removeItem(this.local);
      this.say(this.open ? `还有 ${this.open} 张照片没有传完` : `已保存 ${time}`, this.open ? "doing" : "done");
    }

    filled() {
      const data = new FormData(this.form);
      for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
      return data;
    }

    queue(errand) {
      this.errands = this.errands.then(errand).catch(() => this.say("这一步没有成功，内容还在这台设备上。", "late"));
      return this.errands;
    }

    // Try until it arrives; null when the office refused it, and then it has said why.
    async deliver(where, data, progress, refused) {
      const body = data();
      for (let pause = FIRST_WAIT; !this.stopped; pause = Math.min(pause * 2, LONGEST_WAIT)) {
        const { status, answer } = await this.send(`${this.form.dataset.keep}/${where}`, body, progress);
        if (status === 200) return answer;
        if (status === 401) { this.say("登录已过期，内容还在这台设备上。请另开一页登录后再回来。", "late"); }
        else if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
          const why = Object.values(answer.fields ?? {})[0] || answer.error || "没有保存。";
          if (refused) refused(why); else this.say(why, "late");
          return null;
        } else this.say(navigator.onLine ? "网络不好，正在重试。填写的内容都在这台设备上。" : "没有网络。填写的内容都在这台设备上，连上后自动保存。", "soon");
        await wait(pause);
      }
      return null;
    }

    send(address, body, progress) {
      return new Promise((done) => {
        const request = new XMLHttpRequest(); // fetch cannot tell how much has gone up
        request.open("POST", address);
        request.setRequestHeader("Accept", "application/json");
        request.timeout = TOO_SLOW;
        if (progress) request.upload.addEventListener("progress", (event) => progress(event.loaded / event.total));
        request.addEventListener("loadend", () => {
          let answer = {};
          try { answer = JSON.parse(request.responseText || "{}"); } catch { /* a page of something in between */ }
          done({ status: request.status === 200 && !answer.saved ? 502 : request.status, answer });
        });
        request.send(body);
      });
    }

    // Photos: shown at once, made smaller, then sent one by one; or only made smaller where the form takes them along itself.
    take(input) {
      const files = [...input.files];
      if (!this.form.dataset.keep) {
        this.open += 1;
        this.queue(async () => {
          const box = new DataTransfer();
          for (const file of files) box.items.add(await shrink(file));
          input.files = box.files;
        }).then(() => { this.open -= 1; this.counted(); });
        return;
      }
      input.value = "";
      for (const file of files) {
        const row = this.row(input, file.name);
        this.open += 1;
        this.queue(async () => {
          const seen = this.typed;
          const answer = await this.upload(input, file, row).finally(() => { this.open -= 1; });
          if (answer) this.saved(answer.saved, seen);
        }).then(() => this.counted());
      }
    }

    row(input, name) {
      const row = document.createElement("p");
      row.className = "sending";
      row.append(Object.assign(document.createElement("span"), { textContent: name }));
      row.append(Object.assign(document.createElement("progress"), { max: 1, value: 0, ariaLabel: `${name}上传进度` }));
      row.append(Object.assign(document.createElement("span"), { className: "hint", textContent: "等待上传" }));
      input.closest(".field").before(row);
      return row;
    }

    async upload(input, file, row) {
      const [bar, words] = [row.querySelector("progress"), row.lastElementChild];
      const small = await shrink(file), blank = input.name.replace(/\.new$/, ""), key = newKey();
      const said = (why) => { row.dataset.tone = "late"; bar.remove(); words.textContent = why; };
      const answer = await this.deliver("files", () => {
        const data = this.filled();
        data.set("form_key", key);
        data.set("blank", blank);
        data.set("file", small, small.name);
        return data;
      }, (part) => { bar.value = part; words.textContent = part < 1 ? `已传 ${Math.round(part * 100)}%` : "正在保存"; }, said);
      if (answer) { this.show(input, blank, answer); row.remove(); }
      return answer;
    }

    show(input, blank, file) {
      const there = [...this.form.elements].find((one) => one.name === blank && one.value === file.storage_id);
      if (there) { there.checked = true; return; }
      const choice = document.createElement("label");
      choice.className = "choice";
      choice.append(Object.assign(document.createElement("input"), { type: "checkbox", name: blank, value: file.storage_id, checked: true }));
      const words = Object.assign(document.createElement("span"), { className: "choice-words" });
      if (file.picture) words.append(Object.assign(new Image(96, 72), { className: "thumb", alt: "", src: `/files/${file.storage_id}/small` }));
      words.append(file.name, Object.assign(document.createElement("span"), { className: "hint", textContent: "已上传，取消勾选就不提交它" }));
      choice.append(words);
      const row = Object.assign(document.createElement("div"), { className: "kept-file" });
      const button = Object.assign(document.createElement("button"), { className: "button", type: "submit", textContent: "删除", ariaLabel: `删除${file.name}` });
      button.formAction = `${this.form.dataset.keep}/files/${file.storage_id}/take-back`;
      row.append(choice, button);
      let box = input.closest("fieldset").querySelector(".choices");
      if (!box) { box = Object.assign(document.createElement("div"), { className: "choices" }); input.closest(".field:not(fieldset)").before(box); }
      box.append(row);
    }

    // Handing in waits for the photos on their way; without a network nothing leaves the page.
    leaving(event) {
      window.clearTimeout(this.soon);
      if (!navigator.onLine) {
        event.preventDefault();
        this.say("没有网络，还没有提交。填写的内容都在这台设备上，连上网后再按一次。", "late");
        return;
      }
      if (!this.open) { this.stopped = true; return; }
      event.preventDefault();
      if (this.waiting) return;
      this.waiting = { button: event.submitter }; // none when it was the Enter key
      this.say(`还有 ${this.open} 张照片没有传完，传完后自动继续。`, "doing");
    }

    counted() {
      if (this.open || !this.waiting) return;
      const { button } = this.waiting;
      this.waiting = null;
      if (this.form.querySelector(".sending")) this.say("有照片没有传上去，请看上面的说明，再按一次。", "late");
      else this.form.requestSubmit(button);
    }
  }

  for (const form of document.querySelectorAll("form[data-draft], form[data-keep], form[data-shrink]")) new Filling(form);
})();
