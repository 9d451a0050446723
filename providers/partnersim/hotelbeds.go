package partnersim

import "net/http"

type hotelbeds struct{ *assortment }

func (p *hotelbeds) answer(r *http.Request, question []byte, offers int) reply { return reply{} }
func (p *hotelbeds) refusal(status int) reply                                  { return reply{} }

type gridCell struct{ lat, lon int16 }
type property struct{}
