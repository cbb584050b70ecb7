package dev.objectlock.weaving.compiletime;

import dev.objectlock.weaving.TransactionCases;

/** Transactions, woven at compile time. */
class CompileTimeTransactionTest extends TransactionCases {}
