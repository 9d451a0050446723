// Package ui is the travellers' page: embedded scripts, styles and markup. It talks
// to the API as any other client does, and knows nothing else of the server.
package ui

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"

	"fanfare/web/api"
)

//go:embed static
var files embed.FS

// media is what the page is made of. The machine's own table of types is not asked:
// with nosniff a script of a wrong type does not run.
var media = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// file is one embedded file as it is served.
type file struct {
	body []byte
	etag string
	kind string
}

// Register adds the page at /, its files below /ui, and what it has to say of itself
// below /about. There are no folders to list: what is not a file is a 404.
func Register(e *gin.Engine) {
	all := load()
	page := all["index.html"]
	e.GET("/", page.serve)
	e.HEAD("/", page.serve)
	about := ranking()
	e.GET("/about/ranking", about.serve)
	e.HEAD("/about/ranking", about.serve)
	e.GET("/favicon.ico", all["icon.svg"].serve) // of pages that name none
	static := func(c *gin.Context) {
		if f := all[strings.TrimPrefix(c.Param("name"), "/")]; f != nil {
			f.serve(c)
			return
		}
		api.WriteProblem(c, api.Problem{Type: api.ProblemNotFound, Title: "No such file", Status: http.StatusNotFound})
	}
	e.GET("/ui/*name", static)
	e.HEAD("/ui/*name", static)
}

// load reads the embedded files by name.
func load() map[string]*file {
	entries, err := fs.ReadDir(files, "static")
	if err != nil {
		panic("ui: " + err.Error()) // impossible: the folder is embedded
	}
	all := make(map[string]*file, len(entries))
	for _, entry := range entries {
		body, err := fs.ReadFile(files, "static/"+entry.Name())
		if err != nil {
			panic("ui: " + err.Error()) // impossible: it stands in the folder
		}
		all[entry.Name()] = newFile(body, path.Ext(entry.Name()))
	}
	return all
}

func newFile(body []byte, extension string) *file {
	sum := sha256.Sum256(body)
	return &file{body: body, etag: `"` + hex.EncodeToString(sum[:8]) + `"`, kind: media[extension]}
}

// serve answers with the file, or with nothing when the client has it: a reader keeps
// the files, and asks each time whether they are still the ones of this server.
func (f *file) serve(c *gin.Context) {
	c.Header("Cache-Control", "no-cache")
	c.Header("ETag", f.etag)
	if c.GetHeader("If-None-Match") == f.etag {
		c.Status(http.StatusNotModified)
		return
	}
	c.Data(http.StatusOK, f.kind, f.body)
}
