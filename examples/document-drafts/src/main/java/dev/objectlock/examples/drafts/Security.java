package dev.objectlock.examples.drafts;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** Three users whose passwords are their names; the authority {@code objectlock} lets them take drafts. */
@Configuration(proxyBeanMethods = false)
class Security {

    @Bean
    UserDetailsService users() {
        return new InMemoryUserDetailsManager(user("alice"), user("bob"), user("carol"));
    }

    private static UserDetails user(String name) {
        return User.withUsername(name)
                .password("{noop}" + name)
                .authorities("objectlock")
                .build();
    }

    @Bean
    SecurityFilterChain onlyWhoHasLoggedIn(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .formLogin(Customizer.withDefaults())
                .csrf(CsrfConfigurer::spa)
                .build();
    }
}
