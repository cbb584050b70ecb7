package dev.objectlock.spring;

import dev.objectlock.ObjectLocks;
import dev.objectlock.weaving.WeavingCases;

/** The column "proxy": fixtures that javac alone has compiled, behind the proxies that beans get. */
class ProxyTest extends WeavingCases {

    @Override
    protected String way() {
        return "proxy";
    }

    @Override
    protected boolean isWoven() {
        return false;
    }

    @Override
    protected <T> T made(T fixture, ObjectLocks engine) {
        return Proxies.around(fixture, engine);
    }
}
