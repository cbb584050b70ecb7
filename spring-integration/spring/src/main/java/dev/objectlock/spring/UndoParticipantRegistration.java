package dev.objectlock.spring;

import dev.objectlock.UndoParticipant;

/**
 * Who captures and restores the objects of some paths: a bean of this type registers it with the engine of its context, for as
 * long as that runs. A bean whose own methods are transactions, and which is an {@link UndoParticipant} itself, needs none.
 *
 * @param pattern the paths of the objects, as a template whose placeholders stand for anything: {@code
 *     score:{score}/part:{part}}
 * @param participant who does it for them
 */
public record UndoParticipantRegistration(String pattern, UndoParticipant<?> participant) {}
