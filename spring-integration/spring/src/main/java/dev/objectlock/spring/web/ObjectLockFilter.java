package dev.objectlock.spring.web;

import dev.objectlock.OwnerContext;
import dev.objectlock.weave.ThreadOwner;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Makes each request a flow of its user and client, see {@link WebClients}. Who that is is asked when a lock is first asked
 * for: a request that takes no lock begins no session. It belongs behind the filters of Spring Security.
 */
public final class ObjectLockFilter extends OncePerRequestFilter {

    /**
     * Its place among the filters: behind those of Spring Security, whose default in Spring Boot is -100.
     */
    public static final int ORDER = -90;

    private final WebClients clients;

    /**
     * Creates the filter.
     *
     * @param clients who may come
     */
    public ObjectLockFilter(WebClients clients) {
        this.clients = clients;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        OwnerContext before = ThreadOwner.enter(clients.locks(), clients.of(request));
        try {
            chain.doFilter(request, response);
        } finally {
            ThreadOwner.restore(before);
        }
    }

    /** What goes on with a request on another thread is a flow of its own. */
    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }
}
