"""From a signed agenda to each councillor: the convocation, its papers, its proof, and the answers."""
