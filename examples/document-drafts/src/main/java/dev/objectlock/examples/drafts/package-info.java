/** Document drafts that several people edit in their browsers: see the README of the example. */
@NullMarked
package dev.objectlock.examples.drafts;

import org.jspecify.annotations.NullMarked;
