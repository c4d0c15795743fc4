def output_size(i, k, s=1, p=0, d=1):
    places = 0
    start = -p
    while start + d * (k - 1) < i + p:
        places += 1
        start += s
    return places
