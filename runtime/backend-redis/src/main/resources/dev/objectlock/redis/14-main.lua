-- The operation that is asked for, after what is over has been cleared away.
local answer
if isSomethingOver or not operations[OPERATION] then
    furtherChapters()
end
if isSomethingOver and OPERATION ~= 'leave' and OPERATION ~= 'nextDeadline' and not processes.sweep() then
    answer = { 'MORE' }
elseif OPERATION == 'ask' and (not bucket.read('P' .. TAB .. PROCESS) or bucket.isDamaged()) then
    answer = { 'GONE' }
else
    if ACKNOWLEDGED ~= '' then
        bucket.acknowledge(PROCESS, tonumber(ACKNOWLEDGED))
    end
    answer = operations[OPERATION]()
end
bucket.finish()
table.insert(answer, 1, REPLY .. #answer)
return answer

end

return chapters()
