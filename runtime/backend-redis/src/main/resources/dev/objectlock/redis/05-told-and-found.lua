-- What is told, and what is found by ranges of the index.

function bucket.announce(kind, extra, holds)
    local number = bucket.nextFence()
    local last = bucket.read('lastEvent') or 0
    bucket.write('lastEvent', number)
    local head = { bucket.digits(last), bucket.digits(number), bucket.digits(now), kind, extra }
    events[#events + 1] = table.concat(head, TAB) .. '\n' .. table.concat(holds, '\n')
end

-- Numbered and kept until the process has acknowledged it: the channel only makes it fast.
function bucket.tell(process, message)
    local record = bucket.read('P' .. TAB .. process)
    if not record then
        return
    end
    record.last = record.last + 1
    bucket.write('P' .. TAB .. process, record)
    local numbered = bucket.digits(record.last) .. TAB .. message
    bucket.write('m' .. TAB .. process .. TAB .. bucket.digits(record.last), numbered)
    messages[#messages + 1] = { process, numbered }
end

function bucket.acknowledge(process, number)
    local record = bucket.read('P' .. TAB .. process)
    if record and record.first <= number then
        for one = record.first, math.min(number, record.last) do
            bucket.erase('m' .. TAB .. process .. TAB .. bucket.digits(one))
        end
        record.first = math.min(number, record.last) + 1
        bucket.write('P' .. TAB .. process, record)
    end
end

-- The names in the index that begin with a prefix.
function index.first(prefix)
    return redis.call('ZRANGEBYLEX', INDEX, '[' .. prefix, '[' .. prefix .. '\255', 'LIMIT', 0, 1)[1]
end

function index.last(prefix)
    return redis.call('ZREVRANGEBYLEX', INDEX, '[' .. prefix .. '\255', '[' .. prefix, 'LIMIT', 0, 1)[1]
end

function index.all(prefix, most)
    return redis.call('ZRANGEBYLEX', INDEX, '[' .. prefix, '[' .. prefix .. '\255', 'LIMIT', 0, most or -1)
end

-- What comes after the prefix in each of these names.
function index.rests(prefix, most)
    local names = index.all(prefix, most)
    for i = 1, #names do
        names[i] = string.sub(names[i], #prefix + 1)
    end
    return names
end

function bucket.isAtOrAbove(path, other)
    return path == other or string.sub(other, 1, #path + 1) == path .. '/'
end

function args.number()
    return tonumber(args.argument())
end

function args.given(text)
    return text ~= '' and text or nil
end

-- The rest of the arguments.
function args.list()
    local names = {}
    for i = at + 1, #ARGV do
        names[#names + 1] = ARGV[i]
    end
    return names
end
