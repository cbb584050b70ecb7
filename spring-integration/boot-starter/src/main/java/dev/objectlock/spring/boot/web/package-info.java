/** Who asks over the web, set up for a servlet container. */
@NullMarked
package dev.objectlock.spring.boot.web;

import org.jspecify.annotations.NullMarked;
