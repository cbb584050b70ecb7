-- What is told, and what is found by ranges of the index.

function bucket.announce(kind, extra, holds)
    local number = bucket.nextFence()
    local last = bucket.read('lastEvent') or 0
    bucket.write('lastEvent', number)
    local head = { bucket.digits(last), bucket.digits(number), bucket.digits(now), kind, extra }
    events[#events + 1] = table.concat(head, TAB) .. '\n' .. table.concat(holds, '\n')
end

-- Numbered and kept until the process has acknowledged it: the channel only makes it fast. The number follows the clock, and the
-- one before it goes with it: so a process hears what it has missed, also of a store that has forgotten its last second.
function bucket.tell(process, message)
    local record = bucket.read('P' .. TAB .. process)
    if not record then
        return
    end
    local number = math.max(record.last + 1, clock)
    local numbered = bucket.digits(record.last) .. TAB .. bucket.digits(number) .. TAB .. message
    record.last = number
    bucket.write('P' .. TAB .. process, record)
    bucket.write('m' .. TAB .. process .. TAB .. bucket.digits(number), numbered)
    index.enter({ 'm' .. TAB .. process .. TAB .. string.format('%016.0f', number) })
    messages[#messages + 1] = { process, numbered }
end

-- The numbers of the messages that a process has not acknowledged.
function bucket.unheard(process)
    local numbers = index.rests('m' .. TAB .. process .. TAB)
    for i = 1, #numbers do
        numbers[i] = tonumber(numbers[i])
    end
    return numbers
end

function bucket.acknowledge(process, number)
    local heard = {}
    for _, one in ipairs(bucket.unheard(process)) do
        if one <= number then
            bucket.erase('m' .. TAB .. process .. TAB .. bucket.digits(one))
            heard[#heard + 1] = 'm' .. TAB .. process .. TAB .. string.format('%016.0f', one)
        end
    end
    index.strike(heard)
end

-- The names in the index that begin with a prefix. The first and the last are asked for again and again while a line is looked
-- through, and remembered until the index changes.
function index.first(prefix)
    local name = ranges[prefix]
    if name == nil then
        name = redis.call('ZRANGEBYLEX', INDEX, '[' .. prefix, '[' .. prefix .. '\255', 'LIMIT', 0, 1)[1] or false
        ranges[prefix] = name
    end
    return name or nil
end

function index.last(prefix)
    local name = ranges[prefix .. '\255']
    if name == nil then
        name = redis.call('ZREVRANGEBYLEX', INDEX, '[' .. prefix .. '\255', '[' .. prefix, 'LIMIT', 0, 1)[1] or false
        ranges[prefix .. '\255'] = name
    end
    return name or nil
end

-- The lowest and the highest kind of the holds at one place, or nil. The first and the last of a kind may be known with that.
function index.kindsIn(place)
    local first = index.first(place)
    if not first then
        return nil
    end
    local last = index.last(place)
    local lowest, highest = string.sub(first, #place + 1, #place + 1), string.sub(last, #place + 1, #place + 1)
    ranges[place .. lowest .. TAB] = first
    ranges[place .. highest .. TAB .. '\255'] = last
    return lowest, highest
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
