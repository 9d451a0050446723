package feeds

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"time"

	"fanfare/providers/wire"

	"go.yaml.in/yaml/v4"
)

// operatorsOnly are the keys that a partner's own declaration may not have: they are the
// operator's side of the contract.
var operatorsOnly = []string{"allow_private_network", "rate", "look_to_book", "max_concurrency", "breaker", "hedge", "cache", "max_body", "combine"}

// secretReference names a secret of the partner's own, which is set apart from the declaration.
var secretReference = regexp.MustCompile(`^secret:([a-z0-9_-]{1,64})$`)

// FromPlane reads a declaration that a partner sends. It may name secrets, as secret:NAME, but
// reads no environment, and has no key that is the operator's to set. The feed is the named
// partner's, whatever the document says.
func FromPlane(partner string, document []byte, maxDeadline time.Duration) (*Feed, Complaints) {
	f := new(Feed)
	f.SetDefaults()
	var root yaml.Node
	if err := yaml.Unmarshal(document, &root); err != nil {
		return f, Complaints{{Path: "document", Message: "not YAML: " + strings.ReplaceAll(err.Error(), "\n", " ")}}
	}
	if len(root.Content) == 0 || root.Content[0].Kind != yaml.MappingNode {
		return f, Complaints{{Path: "document", Message: "must be one partner's declaration"}}
	}
	var errs Complaints
	top := root.Content[0]
	for i := 0; i+1 < len(top.Content); i += 2 {
		key := top.Content[i]
		for _, forbidden := range operatorsOnly {
			if key.Value == forbidden {
				errs = append(errs, Complaint{key.Value, key.Line, "is set by the operator, not by the partner"})
			}
		}
		if key.Value == "name" && top.Content[i+1].Value != partner {
			errs = append(errs, Complaint{"name", key.Line, fmt.Sprintf("must be %s, or left out", partner)})
		}
	}
	noVariables(top, "", &errs, 0)
	d := decoder{literal: true}
	d.into(top, f)
	errs = append(errs, d.errs...)
	f.Name = partner
	f.Check("", maxDeadline, &errs)
	if u, err := url.Parse(f.BaseURL); err == nil && u.Scheme == "http" {
		errs.Add("base_url", "must be https")
	} else if err == nil && !public(u.Hostname()) {
		errs.Add("base_url", "leads to an address that is not public")
	}
	f.eachSecret(func(path string, value *string) {
		if *value != "" && !secretReference.MatchString(*value) {
			errs.Add(path, "a secret stands in the declaration; set it apart, and name it as secret:NAME")
		}
	})
	errs.Locate(document)
	return f, errs
}

// public reports whether a host may be one of the Internet: a name, or a public address. Where a
// name leads is looked at when it is dialled.
func public(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || !strings.Contains(host, ".") && !strings.Contains(host, ":") {
		return false
	}
	addr, err := netip.ParseAddr(host)
	return err != nil || wire.Egress{}.Check(addr) == nil
}

// noVariables complains about every ${VAR}: the environment is the operator's.
func noVariables(n *yaml.Node, path string, errs *Complaints, depth int) {
	if depth > maxNesting {
		return
	}
	for i, child := range n.Content {
		at := path
		switch {
		case n.Kind == yaml.SequenceNode:
			at = fmt.Sprintf("%s[%d]", path, i)
		case n.Kind == yaml.MappingNode && i%2 == 0:
			continue
		case n.Kind == yaml.MappingNode:
			at = strings.TrimPrefix(path+"."+n.Content[i-1].Value, ".")
		}
		noVariables(child, at, errs, depth+1)
	}
	if n.Kind == yaml.ScalarNode && variable.MatchString(n.Value) {
		*errs = append(*errs, Complaint{path, n.Line, "the operator's environment cannot be read here; name a secret of your own as secret:NAME"})
	}
}

// eachSecret calls visit with every place of a declaration that holds a secret.
func (f *Feed) eachSecret(visit func(path string, value *string)) {
	for name, value := range f.Credentials {
		v := value
		visit("credentials."+name, &v)
		f.Credentials[name] = v
	}
	a := &f.Auth
	for path, value := range map[string]*string{"auth.token": &a.Token, "auth.value": &a.Value, "auth.password": &a.Password,
		"auth.client_secret": &a.ClientSecret, "auth.secret": &a.Secret} {
		visit(path, value)
	}
}

// Host is the host and port that the feed calls.
func (f *Feed) Host() string { return strings.SplitN(calledAt(f.BaseURL), "/", 2)[0] }

// Resolve puts the values of secrets in the place of their names. reveal returns the value of a
// name, for calls to a host and port.
func (f *Feed) Resolve(reveal func(name, host string) (string, error)) error {
	var errs Complaints
	f.eachSecret(func(path string, value *string) {
		m := secretReference.FindStringSubmatch(*value)
		if m == nil {
			return
		}
		revealed, err := reveal(m[1], f.Host())
		if err != nil {
			errs.Add(path, "%v", err)
			return
		}
		*value = revealed
	})
	if len(errs) > 0 {
		return errs
	}
	return nil
}
