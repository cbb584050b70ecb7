package dev.objectlock.weaving.loadtime;

import dev.objectlock.weaving.WeavingCases;

/** The column "load time". */
class LoadTimeTest extends WeavingCases {

    @Override
    protected String way() {
        return "load time";
    }
}
