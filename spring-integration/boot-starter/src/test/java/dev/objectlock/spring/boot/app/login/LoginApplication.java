package dev.objectlock.spring.boot.app.login;

import dev.objectlock.LockAuthenticationException;
import dev.objectlock.LockBusyException;
import dev.objectlock.LockPrivilegeException;
import dev.objectlock.OwnerContext;
import dev.objectlock.annotation.LockMode;
import dev.objectlock.annotation.ObjectLock;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Users who log in with a form, and what they may take. */
@SpringBootApplication
@EnableAsync
public class LoginApplication {

    @Bean
    UserDetailsService users() {
        return new InMemoryUserDetailsManager(
                user("alice", "objectlock"), user("bob", "objectlock"), user("eve", "reader"));
    }

    private static UserDetails user(String name, String authority) {
        return User.withUsername(name)
                .password("{noop}" + name)
                .authorities(authority)
                .build();
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http) {
        return http.csrf(csrf -> csrf.disable())
                .authorizeHttpRequests(any ->
                        any.requestMatchers("/open/**").permitAll().anyRequest().authenticated())
                .formLogin(form -> form.defaultSuccessUrl("/owner", true))
                .httpBasic(Customizer.withDefaults())
                .build();
    }

    @RestController
    static class Drafts {

        private final Elsewhere elsewhere;

        Drafts(Elsewhere elsewhere) {
            this.elsewhere = elsewhere;
        }

        @GetMapping("/owner")
        public String owner() {
            var owner = OwnerContext.bound().orElseThrow().owner();
            return owner.user() + " " + owner.client() + " " + owner.flow();
        }

        @GetMapping("/owner-elsewhere")
        public String ownerElsewhere() {
            return elsewhere.owner().join();
        }

        @GetMapping("/keep-user")
        @ObjectLock(path = "draft:1", mode = LockMode.USER, keep = true)
        public String keepUser() {
            return "kept";
        }

        @GetMapping("/keep-client")
        @ObjectLock(path = "draft:1", mode = LockMode.CLIENT, keep = true)
        public String keepClient() {
            return "kept";
        }

        @GetMapping("/edit")
        @ObjectLock(path = "draft:1", mode = LockMode.USER)
        public String edit() {
            return "edited";
        }

        @GetMapping("/open/monitor")
        @ObjectLock(path = "draft:1", mode = LockMode.MONITOR)
        public String monitor() {
            return "inside";
        }

        @ExceptionHandler
        ResponseEntity<String> busy(LockBusyException busy) {
            return ResponseEntity.status(HttpStatus.LOCKED).body(busy.getMessage());
        }

        @ExceptionHandler
        ResponseEntity<String> unknown(LockAuthenticationException unknown) {
            return ResponseEntity.status(HttpStatus.UNAUTHORIZED).body(unknown.getMessage());
        }

        @ExceptionHandler
        ResponseEntity<String> forbidden(LockPrivilegeException forbidden) {
            return ResponseEntity.status(HttpStatus.FORBIDDEN).body(forbidden.getMessage());
        }
    }

    @Service
    static class Elsewhere {

        @Async
        public java.util.concurrent.CompletableFuture<String> owner() {
            var owner = OwnerContext.bound().orElseThrow().owner();
            return java.util.concurrent.CompletableFuture.completedFuture(
                    owner.user() + " " + owner.client() + " " + owner.flow());
        }
    }
}
