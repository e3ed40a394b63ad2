region = "us"
regoin = "typo"
