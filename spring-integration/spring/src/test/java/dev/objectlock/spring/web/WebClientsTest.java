package dev.objectlock.spring.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockOwner;
import dev.objectlock.LockPath;
import dev.objectlock.LockRequest;
import dev.objectlock.ObjectLocks;
import dev.objectlock.OwnerContext;
import dev.objectlock.SessionPolicy;
import dev.objectlock.spring.ObjectLockTaskDecorator;
import dev.objectlock.test.ObjectLocksExtension;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.security.Principal;
import java.util.Enumeration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.authentication.TestingAuthenticationToken;

/** Who asks, for each kind of request. The containers of the servlet API are simulated; a real one is in the starter's tests. */
@ExtendWith(ObjectLocksExtension.class)
class WebClientsTest {

    private static final LockPath DRAFT = LockPath.of("draft:1");

    private ObjectLocks locks;
    private WebClients clients;

    @BeforeEach
    void begin(ObjectLocks engine) {
        locks = engine;
        clients = new WebClients(locks, true);
    }

    @Test
    void aRequestThatTakesNoLockBeginsNoSession() throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest();
        serve(request, () -> {});
        assertThat(request.getSession(false)).isNull();
    }

    @Test
    void eachHttpSessionIsAGuestOfItsOwn() throws Exception {
        MockHttpSession one = new MockHttpSession();
        MockHttpSession two = new MockHttpSession();
        LockOwner first = ownerIn(one, null);
        assertThat(first.user()).startsWith("guest:");
        assertThat(ownerIn(one, null)).as("the same guest, in another flow").satisfies(again -> {
            assertThat(again.isSameClient(first)).isTrue();
            assertThat(again.flow()).isNotEqualTo(first.flow());
        });
        assertThat(ownerIn(two, null).isSameUser(first)).isFalse();
        end(one);
        end(two);
    }

    @Test
    void aGuestThatHasNoSessionGetsOne() throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest();
        serve(request, this::owner);
        HttpSession session = request.getSession(false);
        assertThat(session).isNotNull();
        end((MockHttpSession) session);
    }

    @Test
    void guestsCanBeRefusedAlsoForMonitors() throws Exception {
        clients = new WebClients(locks, false);
        serve(new MockHttpServletRequest(), () -> assertThatExceptionOfType(LockAuthenticationException.class)
                .isThrownBy(() -> locks.acquire(LockRequest.monitor(DRAFT)))
                .withMessageContaining("draft:1")
                .withMessageContaining("log in"));
    }

    @Test
    void aUserOnTwoScreensIsOneUserAndTwoClients() throws Exception {
        MockHttpSession desk = new MockHttpSession();
        MockHttpSession phone = new MockHttpSession();
        LockOwner atDesk = ownerIn(desk, "alice");
        LockOwner onPhone = ownerIn(phone, "alice");
        assertThat(atDesk.isSameUser(onPhone)).isTrue();
        assertThat(atDesk.isSameClient(onPhone)).isFalse();
        end(desk);
        end(phone);
    }

    @Test
    void aUserWithoutASessionHasAClientForEachRequest() throws Exception {
        MockHttpServletRequest request = request(null, "alice");
        LockOwner[] owners = new LockOwner[2];
        serve(request, () -> owners[0] = owner());
        serve(request(null, "alice"), () -> owners[1] = owner());
        assertThat(request.getSession(false)).as("none is begun").isNull();
        assertThat(owners[0].isSameUser(owners[1])).isTrue();
        assertThat(owners[0].isSameClient(owners[1])).isFalse();
    }

    @Test
    void theClientStaysWhenTheIdOfItsSessionChanges() throws Exception {
        MockHttpSession session = new MockHttpSession();
        LockOwner before = ownerIn(session, "alice");
        session.changeSessionId();
        assertThat(ownerIn(session, "alice").isSameClient(before)).isTrue();
        end(session);
    }

    @Test
    void theClientStaysWhenItsAttributesMoveToANewSession() throws Exception {
        MockHttpSession old = new MockHttpSession();
        MockHttpSession fresh = new MockHttpSession();
        LockOwner before = keep(old, "alice");
        serve(request(old, "alice"), () -> moveAttributes(old, fresh));
        assertThat(isFree()).as("what was kept").isFalse();
        assertThat(ownerIn(fresh, "alice").isSameClient(before)).isTrue();
        end(fresh);
    }

    /** As it is done by containers that cannot change the id of a session. */
    private static void moveAttributes(MockHttpSession old, MockHttpSession fresh) {
        var kept = new java.util.HashMap<String, Object>();
        for (Enumeration<String> names = old.getAttributeNames(); names.hasMoreElements(); ) {
            String name = names.nextElement();
            kept.put(name, old.getAttribute(name));
        }
        old.invalidate();
        kept.forEach(fresh::setAttribute);
    }

    @Test
    void whoLogsInOnTheScreenOfAnotherIsAnother() throws Exception {
        MockHttpSession session = new MockHttpSession();
        LockOwner alice = keep(session, "alice");
        LockOwner bob = ownerIn(session, "bob");
        assertThat(bob.user()).isEqualTo("bob");
        assertThat(bob.client()).isNotEqualTo(alice.client());
        assertThat(isFree()).as("what alice kept there").isTrue();
        end(session);
    }

    @Test
    void aLogoutEndsWhatWasKept() throws Exception {
        clients = new WebClients(staying(), true);
        MockHttpSession session = new MockHttpSession();
        keep(session, "alice");
        serve(request(session, "alice"), session::invalidate);
        assertThat(isFree()).isTrue();
    }

    @Test
    void aSessionThatRunsOutOfTimeIsALostConnection() throws Exception {
        clients = new WebClients(staying(), true);
        MockHttpSession session = new MockHttpSession();
        keep(session, "alice");
        session.invalidate();
        assertThat(isFree()).as("the policy is to stay").isFalse();
        locks.close();
    }

    private ObjectLocks staying() {
        locks = ObjectLocks.builder().sessionPolicy(SessionPolicy.STAY).build();
        return locks;
    }

    @Test
    void whoWasThrownOutComesBackAsAnotherClient() throws Exception {
        MockHttpSession session = new MockHttpSession();
        LockOwner before = keep(session, "alice");
        // As sessions().end does: the client's session is over, whoever ended it.
        client(session).of(clients, principal("alice")).close();
        assertThat(isFree()).isTrue();
        assertThat(ownerIn(session, "alice").isSameClient(before)).isFalse();
        end(session);
    }

    @Test
    void theClientGoesWithItsSessionToAnotherProcess() throws Exception {
        MockHttpSession here = new MockHttpSession();
        LockOwner before = keep(here, "alice");
        HttpClient there = copy(client(here));
        assertThat(there.of(clients, principal("alice")).owner().isSameClient(before))
                .isTrue();
        assertThat(isFree()).isFalse();
        there.of(clients, principal("alice")).close();
    }

    private static HttpClient client(MockHttpSession session) {
        return (HttpClient) session.getAttribute("dev.objectlock.client");
    }

    private static Principal principal(String user) {
        return new TestingAuthenticationToken(user, "");
    }

    @Test
    void workThatIsHandedOverBeginsNoSession() throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest();
        Runnable[] task = new Runnable[1];
        LockOwner[] seen = new LockOwner[1];
        serve(request, () -> task[0] = new ObjectLockTaskDecorator().decorate(() -> seen[0] = owner()));
        assertThat(request.getSession(false)).as("nobody has asked for a lock").isNull();
        task[0].run();
        assertThat(seen[0].user()).as("there is no guest without a session").isNull();

        MockHttpSession session = new MockHttpSession();
        LockOwner caller = ownerIn(session, "alice");
        serve(
                request(session, "alice"),
                () -> task[0] = new ObjectLockTaskDecorator().decorate(() -> seen[0] = owner()));
        task[0].run();
        assertThat(seen[0].isSameClient(caller)).as("after the request").isTrue();
        end(session);
    }

    @Test
    void aRequestWhoseSessionHasEndedMeanwhileTakesNoLock() throws Exception {
        MockHttpSession session = new MockHttpSession();
        ownerIn(session, "alice");
        HttpClient client = client(session);
        serve(request(session, "alice"), session::invalidate);
        assertThat(client.of(clients, principal("alice")))
                .as("for a request that had found it before")
                .isNull();
    }

    @Test
    void anExpiryThatTheNextRequestFindsIsNoLogout() throws Exception {
        clients = new WebClients(staying(), true);
        MockHttpSession session = new MockHttpSession() {
            @Override
            public long getLastAccessedTime() {
                return 0;
            }
        };
        session.setMaxInactiveInterval(60);
        keep(session, "alice");
        serve(request(session, "alice"), session::invalidate);
        assertThat(isFree()).as("the policy is to stay").isFalse();
        locks.close();
    }

    @Test
    void requestsByNobodyInTheSameSessionLeaveTheUserAlone() throws Exception {
        MockHttpSession session = new MockHttpSession();
        LockOwner alice = keep(session, "alice");
        assertThat(ownerIn(session, null).user()).startsWith("guest:");
        assertThat(isFree()).isFalse();
        assertThat(ownerIn(session, "alice").isSameClient(alice)).isTrue();
        end(session);
    }

    private static HttpClient copy(HttpClient client) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(client);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (HttpClient) in.readObject();
        }
    }

    @Test
    void requestsOfOneSessionThatComeTogetherAreOneClient() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 50; round++) {
                MockHttpSession session = new MockHttpSession();
                var all = IntStream.range(0, 8)
                        .mapToObj(i -> pool.submit(() -> ownerIn(session, "alice")))
                        .toList();
                LockOwner first = all.get(0).get(20, TimeUnit.SECONDS);
                for (Future<LockOwner> one : all) {
                    assertThat(one.get(20, TimeUnit.SECONDS).isSameClient(first))
                            .isTrue();
                }
                end(session);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aThreadIsCleanAfterTheRequest() throws Exception {
        Optional<OwnerContext> before = OwnerContext.bound();
        serve(request(new MockHttpSession(), "alice"), this::owner);
        assertThat(OwnerContext.bound()).isEqualTo(before);
    }

    private LockOwner keep(MockHttpSession session, String user) throws Exception {
        LockOwner[] owner = new LockOwner[1];
        serve(request(session, user), () -> {
            locks.acquire(LockRequest.client(DRAFT).keep());
            owner[0] = owner();
        });
        return owner[0];
    }

    private boolean isFree() {
        return locks.status(DRAFT).isFree();
    }

    private LockOwner ownerIn(MockHttpSession session, @Nullable String user) throws ServletException, IOException {
        LockOwner[] owner = new LockOwner[1];
        serve(request(session, user), () -> owner[0] = owner());
        return owner[0];
    }

    private LockOwner owner() {
        return OwnerContext.bound().orElseThrow().owner();
    }

    private static MockHttpServletRequest request(@Nullable MockHttpSession session, @Nullable String user) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        if (session != null) {
            request.setSession(session);
        }
        if (user != null) {
            request.setUserPrincipal(new TestingAuthenticationToken(user, ""));
        }
        return request;
    }

    /** As a container does it. */
    private void serve(MockHttpServletRequest request, Runnable handler) throws ServletException, IOException {
        FilterChain inner = (in, out) -> new ObjectLockFilter(clients).doFilter(in, out, (a, b) -> handler.run());
        new ObjectLockSessionFilter().doFilter(request, new MockHttpServletResponse(), inner);
    }

    private static void end(MockHttpSession session) {
        session.invalidate();
    }
}
