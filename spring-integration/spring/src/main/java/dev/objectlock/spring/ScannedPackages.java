package dev.objectlock.spring;

import java.util.List;

/**
 * The packages of an application in which annotated classes are looked for that are not beans: those must be woven.
 *
 * @param names the packages, with all below them
 */
public record ScannedPackages(List<String> names) {

    /** Copies the list. */
    public ScannedPackages {
        names = List.copyOf(names);
    }
}
