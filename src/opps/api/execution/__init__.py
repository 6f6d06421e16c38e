"""Operations carried out: planned once a document, then run as the ordinary executor would."""
