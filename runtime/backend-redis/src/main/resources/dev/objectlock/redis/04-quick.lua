-- Most requests find nobody in their tree, and most holds are given back when nobody waits. Then nothing of what follows is
-- needed, not even to be defined: it is about as fast as a lock of one key.
function bucket.quickly()
    if OPERATION == 'ask' then
        local asked = args.ask()
        at = 4
        local claim = asked.claims[1]
        bucket.readAhead({ 'fence', 'P' .. TAB .. PROCESS, 't' .. TAB .. asked.root, 'D' .. TAB .. asked.key })
        local plain = not claim.kept and not claim.slots and not claim.longest and not asked.transaction
        if plain
            and #asked.claims == 1
            and bucket.read('P' .. TAB .. PROCESS)
            and not bucket.read('t' .. TAB .. asked.root)
            and not bucket.read('D' .. TAB .. asked.key)
        then
            local fence = bucket.nextFence()
            holds.addHold(asked.key, holds.holdFor(asked, claim, fence))
            return { 'granted', bucket.digits(fence), '0' }
        end
    elseif OPERATION == 'giveBack' and ARGV[6] == '1' then
        local id, root = ARGV[5], ARGV[7]
        bucket.readAhead({ 'h' .. TAB .. id, 't' .. TAB .. root })
        local hold = holds.holdOf(id)
        if not hold then
            return {}
        end
        if not hold.uses and not hold.longest and #bucket.treeOf(root).line == 0 then
            holds.removeHold(id, hold)
            return {}
        end
    end
    return nil
end

local isSomethingOver = #redis.call('ZRANGEBYSCORE', DEADLINES, '-inf', now, 'LIMIT', 0, 1) > 0
if ACKNOWLEDGED == '' and not isSomethingOver then
    local answer = bucket.quickly()
    if answer then
        bucket.finish()
        return answer
    end
end
