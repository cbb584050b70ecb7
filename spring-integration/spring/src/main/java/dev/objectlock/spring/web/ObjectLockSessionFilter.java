package dev.objectlock.spring.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Knows what became of HTTP sessions in a request when that is over: a session that has ended is a logout, and one whose
 * attributes have moved to another is the same client. It belongs in front of whatever ends sessions, so in front of Spring
 * Security; without it, each session that ends is a lost connection.
 */
public final class ObjectLockSessionFilter extends OncePerRequestFilter {

    /** Its place among the filters: the first. */
    public static final int ORDER = Ordered.HIGHEST_PRECEDENCE;

    /** Creates the filter. */
    public ObjectLockSessionFilter() {}

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        List<HttpClient> before = EndedInRequest.begin();
        try {
            chain.doFilter(request, response);
        } finally {
            EndedInRequest.end(before);
        }
    }

    /** What goes on with a request on another thread may end a session too. */
    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }
}
