// Package ui is the travellers' page: embedded templates, scripts and styles. It
// talks to the API as any other client does.
package ui

import (
	"embed"
	"io/fs"
	"net/http"

	"github.com/gin-gonic/gin"
)

//go:embed static
var files embed.FS

// Register adds the page at / and its files below /ui.
func Register(e *gin.Engine) {
	static, err := fs.Sub(files, "static")
	if err != nil {
		panic("ui: " + err.Error()) // impossible: the folder is embedded
	}
	e.GET("/", func(c *gin.Context) {
		c.Header("Cache-Control", "no-cache")
		c.FileFromFS("index.html", http.FS(static))
	})
	e.StaticFS("/ui", http.FS(static))
}
