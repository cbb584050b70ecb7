package dev.objectlock.examples.drafts;

/**
 * A draft as it is stored.
 *
 * @param id its number
 * @param title what it is called
 * @param text what it says
 * @param savedBy who saved it last
 */
record Draft(long id, String title, String text, String savedBy) {}
