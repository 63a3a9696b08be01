// shape [2, 3]
float first = 0.5f;
