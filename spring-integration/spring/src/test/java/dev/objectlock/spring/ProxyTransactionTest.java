package dev.objectlock.spring;

import dev.objectlock.ObjectLocks;
import dev.objectlock.weaving.TransactionCases;

/** Transactions behind the proxies that beans get. */
class ProxyTransactionTest extends TransactionCases {

    @Override
    protected <T> T made(T fixture, ObjectLocks engine) {
        return Proxies.around(fixture, engine);
    }
}
