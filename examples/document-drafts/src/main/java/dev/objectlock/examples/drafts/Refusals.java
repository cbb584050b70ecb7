package dev.objectlock.examples.drafts;

import dev.objectlock.LockBusyException;
import dev.objectlock.LockLostException;
import dev.objectlock.LockNotHeldException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** What a page is told when it does not get what it asked for. */
@RestControllerAdvice
class Refusals {

    /** Somebody else has it: the message says who, and since when. */
    @ExceptionHandler
    ProblemDetail busy(LockBusyException busy) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.LOCKED, busy.getMessage());
        problem.setProperty("holder", busy.holder().user());
        return problem;
    }

    @ExceptionHandler({LockNotHeldException.class, LockLostException.class})
    ProblemDetail notHeld(RuntimeException notHeld) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, String.valueOf(notHeld.getMessage()));
    }

    @ExceptionHandler
    ProblemDetail unknown(NoSuchDraftException unknown) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, String.valueOf(unknown.getMessage()));
    }
}
