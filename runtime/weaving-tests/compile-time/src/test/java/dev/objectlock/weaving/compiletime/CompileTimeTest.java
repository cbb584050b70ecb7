package dev.objectlock.weaving.compiletime;

import dev.objectlock.weaving.WeavingCases;

/** The column "compile time". */
class CompileTimeTest extends WeavingCases {

    @Override
    protected String way() {
        return "compile time";
    }
}
