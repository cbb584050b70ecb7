-- What is asked for: the arguments from the fifth on.
local at = 4
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
