const byId = (id) => document.getElementById(id);

let me;
let leaseMillis;
let draft;
let mode = 'user';
let mine = false;
let editing = false;
let channels = [];

function csrf() {
  const cookie = document.cookie.split('; ').find((one) => one.startsWith('XSRF-TOKEN='));
  return cookie ? decodeURIComponent(cookie.split('=')[1]) : '';
}

async function ask(method, path, body) {
  const answer = await fetch('/drafts' + path, { method, body, headers: { 'X-XSRF-TOKEN': csrf() } });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(text.startsWith('{') ? JSON.parse(text).detail : answer.status + ' ' + answer.statusText);
  }
  return text ? JSON.parse(text) : undefined;
}

/** Does what a button says; whatever stands in the way is shown. */
async function attempt(work) {
  byId('message').textContent = '';
  try {
    await work();
  } catch (problem) {
    byId('message').textContent = problem.message;
  }
}

async function show(id) {
  if (editing) {
    await attempt(done);
  }
  draft = await ask('GET', '/' + id);
  byId('draft').hidden = false;
  byId('title').textContent = draft.title;
  byId('text').value = draft.text;
  byId('message').textContent = '';
  for (const link of byId('list').children) {
    link.toggleAttribute('aria-current', link.dataset.id === String(id));
  }
  byId('comments').replaceChildren();
  (await ask('GET', `/${id}/comments`)).forEach(addComment);
  channels.forEach((channel) => channel.close());
  channels = [
    follow(`/${id}/holder/changes`, 'holder', showHolder),
    follow(`/${id}/comments/changes`, 'comment', addComment),
  ];
}

function follow(path, name, told) {
  const channel = new EventSource('/drafts' + path);
  channel.addEventListener(name, (event) => told(JSON.parse(event.data)));
  return channel;
}

function addComment(comment) {
  const item = document.createElement('li');
  item.textContent = `${comment.writtenBy}: ${comment.text}`;
  byId('comments').append(item);
}

async function showHolder(holder) {
  mine = holder.user === me;
  const since = holder.since ? new Date(holder.since).toLocaleTimeString() : '';
  byId('holder').className = mine ? 'mine' : '';
  byId('holder').textContent = !holder.user
    ? 'Nobody is editing this.'
    : `${mine ? 'You have' : holder.user + ' has'} this since ${since}`
      + (holder.mode === 'CLIENT' ? ', in one browser alone.' : '.');
  if (editing && !mine) {
    edit(false);
    byId('message').textContent = 'You no longer have this draft: nothing more can be saved.';
  }
  if (!editing) {
    const id = draft.id;
    const fresh = await ask('GET', '/' + id);
    if (draft.id === id && !editing) {
      byId('text').value = fresh.text;
    }
  }
}

function edit(on) {
  editing = on;
  byId('text').readOnly = !on;
}

async function open(here) {
  mode = here ? 'client' : 'user';
  draft = await ask('POST', `/${draft.id}/lock?here=${here}`);
  byId('text').value = draft.text;
  edit(true);
}

async function done() {
  edit(false);
  await ask('DELETE', `/${draft.id}/lock`);
}

byId('open').onclick = () => attempt(() => open(false));
byId('open-here').onclick = () => attempt(() => open(true));
byId('when-free').onclick = () => attempt(async () => {
  byId('message').textContent = 'Waiting. You get it the moment it is free.';
  mode = 'user';
  draft = await ask('POST', `/${draft.id}/lock-when-free`);
  byId('message').textContent = '';
  byId('text').value = draft.text;
  edit(true);
});
byId('save').onclick = () => attempt(async () => {
  draft = await ask('PUT', '/' + draft.id, byId('text').value);
});
byId('close').onclick = () => attempt(done);
byId('say').onsubmit = (event) => {
  event.preventDefault();
  attempt(async () => {
    await ask('POST', `/${draft.id}/comments`, byId('comment').value);
    byId('comment').value = '';
  });
};

const listing = await ask('GET', '');
me = listing.me;
leaseMillis = listing.leaseMillis;
byId('me').textContent = me;
byId('list').replaceChildren(...listing.drafts.map((one) => {
  const link = document.createElement('a');
  link.href = '#' + one.id;
  link.dataset.id = one.id;
  link.textContent = one.title;
  link.onclick = () => attempt(() => show(one.id));
  return link;
}));

// As long as the page is open and editing, the lease is renewed; a closed laptop renews nothing, and when it wakes up it is
// told whether it still has the draft.
setInterval(async () => {
  if (!editing) {
    return;
  }
  try {
    await ask('POST', `/${draft.id}/lock/renewal?here=${mode === 'client'}`);
  } catch (lost) {
    edit(false);
    byId('message').textContent = lost.message;
  }
}, leaseMillis / 3);
