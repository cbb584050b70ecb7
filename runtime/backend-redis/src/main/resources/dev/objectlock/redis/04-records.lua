-- Records, and all of a root.

-- A server that evicts keys, or an operator, may have removed one key of the four. What is left says nothing that is certain.
function bucket.isDamaged()
    return not redis.call('ZSCORE', INDEX, WHOLE) or not redis.call('ZSCORE', DEADLINES, WHOLE)
end

-- A plain hold: one scoped claim, and nothing special. In a line of text, without what follows from it.
function bucket.plainHold(id, raw)
    local terms, path, user, client, flow, process, fence, since =
        string.match(raw, PLAIN .. '([^\t]*)\t([^\t]*)$')
    return terms and {
        path = path, mode = string.sub(terms, 1, 1), tree = string.sub(terms, 2, 2) == 'T',
        access = string.sub(terms, 3, 3), kept = false, renewal = string.sub(terms, 5, 5),
        user = user ~= '' and user or nil, client = client, flow = flow,
        who = user ~= '' and 'u' .. user or 'f' .. client .. '/' .. flow,
        process = process, ask = id, fence = tonumber(fence), since = tonumber(since), used = tonumber(since),
    }
end

function bucket.isPlain(id, hold)
    return not hold.kept and hold.ask == id and hold.used == hold.since
        and not (hold.uses or hold.from or hold.slots or hold.lease or hold.longest or hold.token or hold.running)
end

function bucket.decoded(name, raw)
    local kind = string.byte(name)
    if kind == 104 then
        return bucket.plainHold(string.sub(name, 3), raw) or cmsgpack.unpack(raw)
    elseif kind == 116 and tonumber(raw) then
        return { holds = tonumber(raw), leased = 0, line = {}, by = {} }
    elseif name == 'fence' then
        return tonumber(raw)
    end
    return cmsgpack.unpack(raw)
end

function bucket.encoded(name, record)
    local kind = string.byte(name)
    if kind == 104 and bucket.isPlain(string.sub(name, 3), record) then
        return table.concat({
            record.mode .. (record.tree and 'T' or 'O') .. record.access .. 'S' .. record.renewal, record.path,
            record.user or '', record.client, record.flow, record.process, bucket.digits(record.fence),
            bucket.digits(record.since),
        }, TAB)
    elseif kind == 116 and record.leased == 0 and #record.line == 0 then
        return bucket.digits(record.holds)
    elseif name == 'fence' then
        return bucket.digits(record)
    end
    return cmsgpack.pack(record)
end

function bucket.read(name)
    local record = known[name]
    if record == nil then
        local raw = redis.call('HGET', STATE, name)
        record = raw and bucket.decoded(name, raw)
        known[name] = record
    end
    return record or nil
end

function bucket.write(name, record)
    known[name] = record
    changed[name] = true
end

function bucket.erase(name)
    known[name] = false
    changed[name] = true
end

-- Runs a command on many things: an argument list has a limit.
function bucket.command(name, key, list)
    for from = 1, #list, 1000 do
        redis.call(name, key, unpack(list, from, math.min(#list, from + 999)))
    end
end

-- The fence of a bucket. It follows the clock, so that neither a flush nor a lost second of writes takes it back.
function bucket.nextFence()
    local fence = math.max((bucket.read('fence') or 0) + 1, clock)
    bucket.write('fence', fence)
    return fence
end

-- All holds and waiters of one root: how many holds, and how many of them have a lease; the names of those who wait, and for each
-- the name of one in front that is known to hold it off, or false. Whoever changes it keeps it.
function bucket.treeOf(root)
    return bucket.read('t' .. TAB .. root) or { holds = 0, leased = 0, line = {}, by = {} }
end

function bucket.keepTree(root, tree)
    if tree.holds == 0 and #tree.line == 0 then
        bucket.erase('t' .. TAB .. root)
    else
        bucket.write('t' .. TAB .. root, tree)
    end
end

function bucket.rootOf(path)
    return string.match(path, '^[^/]*')
end

function bucket.finish()
    local sets, deletions = {}, {}
    for name in pairs(changed) do
        if known[name] then
            sets[#sets + 1] = name
            sets[#sets + 1] = bucket.encoded(name, known[name])
        else
            deletions[#deletions + 1] = name
        end
    end
    bucket.command('HSET', STATE, sets)
    bucket.command('HDEL', STATE, deletions)
    if #events > 0 then
        bucket.command('RPUSH', LOG, events)
        redis.call('LTRIM', LOG, -MOST_LOGGED, -1)
        for _, event in ipairs(events) do
            redis.pcall('PUBLISH', CHANNELS .. 'events', event)
        end
    end
    for _, message in ipairs(messages) do
        redis.pcall('PUBLISH', CHANNELS .. 'process:' .. message[1], message[2])
    end
end

function index.enter(names)
    ranges = {}
    local scored = {}
    for i = 1, #names do
        scored[2 * i - 1] = 0
        scored[2 * i] = names[i]
    end
    bucket.command('ZADD', INDEX, scored)
end

function index.strike(names)
    ranges = {}
    bucket.command('ZREM', INDEX, names)
end

-- Holds as they come and go: granted, taken again, widened, used by running calls, and over.
function holds.holdOf(id)
    return bucket.read('h' .. TAB .. id)
end

function holds.keepHold(id, hold)
    bucket.write('h' .. TAB .. id, hold)
end

function holds.mayRunOut(hold)
    return hold.lease or hold.longest
end

function holds.addHold(id, hold)
    index.enter(index.namesOf(id, hold))
    holds.keepHold(id, hold)
    local root = bucket.rootOf(hold.path)
    local tree = bucket.treeOf(root)
    tree.holds = tree.holds + 1
    tree.leased = tree.leased + (hold.kept and hold.lease and 1 or 0)
    bucket.keepTree(root, tree)
end

function holds.removeHold(id, hold)
    index.strike(index.namesOf(id, hold))
    bucket.erase('h' .. TAB .. id)
    if holds.mayRunOut(hold) then
        redis.call('ZREM', DEADLINES, 'h' .. TAB .. id)
    end
    local root = bucket.rootOf(hold.path)
    local tree = bucket.treeOf(root)
    tree.holds = tree.holds - 1
    tree.leased = tree.leased - (hold.kept and hold.lease and 1 or 0)
    bucket.keepTree(root, tree)
end

function holds.holdId(ask, part)
    return part == 1 and ask.key or ask.key .. '.' .. (part - 1)
end

function holds.holdFor(ask, claim, fence)
    return {
        path = claim.path, mode = claim.mode, tree = claim.tree, access = claim.access, kept = claim.kept,
        renewal = claim.renewal, from = claim.from, to = claim.to, lease = claim.lease, longest = claim.longest,
        slots = claim.slots, user = ask.user, client = ask.client, flow = ask.flow, who = ask.who,
        process = ask.process, ask = ask.key, fence = fence, since = now, used = now,
    }
end

function args.argument()
    at = at + 1
    return ARGV[at]
end

function args.owner()
    local user, client, flow = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
    at = at + 3
    user = user ~= '' and user or nil
    local who = user and 'u' .. user or 'f' .. client .. '/' .. flow
    return { user = user, client = client, flow = flow, who = who }
end

-- A claim: the path, then a letter each for mode, scope, access, kept and renewal, then what few claims have.
function args.claim()
    local path, terms, rest = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
    at = at + 3
    local claim = {
        path = path,
        mode = string.sub(terms, 1, 1),
        tree = string.sub(terms, 2, 2) == 'T',
        access = string.sub(terms, 3, 3),
        kept = string.sub(terms, 4, 4) == 'K',
        renewal = string.sub(terms, 5, 5),
    }
    if rest ~= '' then
        local from, to, lease, longest, slots =
            string.match(rest, '^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)$')
        if from ~= '' then
            claim.from, claim.to = from, to
        end
        claim.lease, claim.longest, claim.slots = tonumber(lease), tonumber(longest), tonumber(slots)
    end
    return claim
end

-- A request: its name, a letter each for patience, whether it passes waiters, and whether it is of a transaction; who asks;
-- its claims.
function args.ask()
    local key, manner = ARGV[at + 1], ARGV[at + 2]
    at = at + 2
    local asked = args.owner()
    asked.key, asked.process = key, PROCESS
    local patience = string.sub(manner, 1, 1)
    asked.forAnything = patience == 'A' or nil
    asked.passes = string.sub(manner, 2, 2) == '1' or nil
    asked.transaction = string.sub(manner, 3, 3) == '1' or nil
    local claims = {}
    while at < #ARGV do
        claims[#claims + 1] = args.claim()
    end
    asked.claims = claims
    asked.root = bucket.rootOf(claims[1].path)
    return asked, patience ~= 'N'
end
