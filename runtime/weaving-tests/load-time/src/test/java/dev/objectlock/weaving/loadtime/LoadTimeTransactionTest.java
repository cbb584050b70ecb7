package dev.objectlock.weaving.loadtime;

import dev.objectlock.weaving.TransactionCases;

/** Transactions, woven at load time. */
class LoadTimeTransactionTest extends TransactionCases {}
