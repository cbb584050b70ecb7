/** The witness: hears from all workers what they do, and sees what must not be. */
@NullMarked
package dev.objectlock.examples.jobslots.ledger;

import org.jspecify.annotations.NullMarked;
