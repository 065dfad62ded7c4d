SELECT party, name FROM party_registered
