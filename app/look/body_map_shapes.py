"""The body map's drawing: half a figure as SVG paths, x from the middle line outwards, y from the crown down.

One unit is about half a centimetre. The other half is its mirror image; paths overlap the middle line a little, so
that no seam shows. What lies deeper is drawn later, above what covers it.
"""

BODY = (
    "M-1 44L9 44C9 54 10 60 14 63C24 67 38 69 44 76C51 83 52 94 53 104C54 118 58 130 60 142C63 156 66 170 68 184"
    "C71 190 74 198 73 206C72 213 66 214 64 208C62 202 60 196 60 188C56 172 49 158 46 144C43 132 41 120 38 108"
    "C37 103 35 102 35 106C35 120 30 130 29 142C28 152 30 162 34 172C38 184 39 198 38 212C37 232 33 250 31 264"
    "C33 276 33 290 31 304C29 318 26 332 25 342C27 348 31 352 30 357L12 357C13 351 14 347 14 342C12 326 10 312 11 298"
    "C11 286 13 276 13 264C12 246 8 226 4 200L3 192L-1 190Z"
)
HEAD = "M-1 5C12 5 18 14 18 26C18 38 11 50 -1 50Z"

ARM = (
    "M44 76C51 83 52 94 53 104C54 118 58 130 60 142C63 156 66 170 68 184L60 188"
    "C56 172 49 158 46 144C43 132 41 120 38 108"
    "C40 96 42 86 44 76Z"
)
HAND = "M60 186L68 183C71 190 74 198 73 206C72 213 66 214 64 208C62 202 60 196 60 186Z"
LEG = (
    "M4 200C14 206 28 204 39 198C39 204 38 208 38 212C37 232 33 250 31 264C33 276 33 290 31 304C29 318 26 332 25 342"
    "C27 348 31 352 30 357L12 357C13 351 14 347 14 342C12 326 10 312 11 298C11 286 13 276 13 264C12 246 8 226 4 200Z"
)
NECK = "M-1 46L9 46C9 54 10 60 14 63L9 69L-1 71Z"
SHOULDER = "M25 67C36 69 42 73 46 79C51 86 52 94 52 103C45 100 36 92 30 84C27 79 25 73 25 67Z"
HIP = "M-1 174L34.5 173C38 184 39 192 39 199L5 203L3 192L-1 190Z"

REGIONS: dict[str, dict[str, str]] = {
    "front": {
        "neck": NECK,
        "shoulders": SHOULDER,
        "chest": "M-1 71L25 68C31 80 36 90 38 100C37 104 36 106 35 109C26 114 12 114 -1 113Z",
        "core": "M-1 113C12 114 26 114 35 109C35 121 30 131 29 142C28 152 30 162 34 172C22 184 10 190 -1 190Z",
        "arms": ARM,
        "wrists-and-hands": HAND,
        "hips": HIP,
        "legs": LEG,
    },
    "back": {
        "neck": NECK,
        "shoulders": SHOULDER,
        "upper-back": "M-1 66L25 68C31 80 36 92 37 104L35 108L-1 110Z",
        "middle-back": "M-1 110L35 107C34 121 30 131 29 142L-1 144Z",
        "lower-back": "M-1 144L29 142C28 152 30 162 34 172L-1 178Z",
        "arms": ARM,
        "wrists-and-hands": HAND,
        "hips": HIP,
        "legs": LEG,
    },
}
"""The shape of each region, by side; `whole-body` is the figure itself."""

DELTOID = "M31 70C41 70 47 77 50 86C52 94 52 101 51 107C46 103 42 96 38 89C34 83 31 76 31 70Z"
FOREARM = "M47.5 145C51 143 56 142 59.5 145C62 156 64.5 170 66 182L61 185C57 170 51 158 47.5 145Z"

MUSCLES: dict[str, dict[str, str]] = {
    "front": {
        "upper-trapezius": "M10.5 60C13 63.5 21 66.5 29 68.5L18 71C13 69 11 66 10.5 60Z",
        "deltoids": DELTOID,
        "pectoralis-major": (
            "M1.5 75C11 71 23 71.5 30 75C33 81 36.5 87 39 92C36 102 28 109 17 109C10 109 4 107 1.5 103Z"
        ),
        "intercostals": "M3 111C12 113 22 112 29 109C28.5 116 26 121 23 126C16 121 9 119.5 3 121Z",
        "serratus-anterior": "M34 106C35 114 33.5 124 30.5 133L24.5 128C27.5 120 30 113 34 106Z",
        "abdominals": "M-1 125L10 126C13 138 13 158 11 174C8 182 4 186 -1 188Z",
        "obliques": (
            "M12.5 128C18 126.5 24 129 29.5 134C27.5 142 27.5 152 31 167C25 171 18 175 12.5 178C15 160 15 142 12.5 128Z"
        ),
        "biceps": "M40 103C44 103 49 107 52 111C54 121 55 130 56.5 138C53 142 49 141 47 138C44 128 41 116 40 103Z",
        "forearm-muscles": FOREARM,
        "quadriceps": "M9 204C18 204 29 198 36 187C38.5 206 36 234 31 254C26 261 18 261 15 256C14 238 11 220 9 204Z",
        "hip-flexors": "M14 181C20 177 27 173 32 171C34 177 31 187 25 194C19 197 13 195 8 192C10 188 12 185 14 181Z",
        "scalenes": "M9.6 53C10 59 12 62 14 64L8 68C9 63 9.6 58 9.6 53Z",
        "sternocleidomastoid": "M7 46L9.3 47C9.3 56 7 63 3 69.5L0.5 68.5C4.5 62 7 54 7 46Z",
        "deep-neck-flexors": "M-1 51L3 51L2 63L-1 66Z",
        "pectoralis-minor": "M21 82L31 77C32.5 85 29 95 22.5 101C18 96 18 89 21 82Z",
        "diaphragm": "M-1 116C9 115 19 120 26 131L22.5 132.5C16 124.5 8 121 -1 121.5Z",
    },
    "back": {
        "upper-trapezius": "M-1 50L7 50C8.5 58 11.5 63.5 18 66.5C26 68.5 34 70 39 74C30 76.5 18 77 10 79L-1 83Z",
        "middle-trapezius": "M-1 84L10 80C18 78 30 77.5 37 76.5C32 83 24 88 16 93.5C10 96.5 4 97.5 -1 97.5Z",
        "lower-trapezius": "M-1 98.5C5 98.5 11 97.5 16 94.5C14 107 8 123 -1 138Z",
        "deltoids": DELTOID,
        "latissimus-dorsi": (
            "M17 106C24 110 31 107 36 103C36 119 31 131 29 142C23 148 14 153 6 156C7 142 10 122 17 106Z"
        ),
        "triceps": "M41 103C45 104 49 107 52 111C54 121 55 130 57 139C54 142 50 141 48 138C45 128 42 116 41 103Z",
        "forearm-muscles": FOREARM,
        "glutes": "M1.5 178C10 170 22 168 33 173C37 182 38.5 192 37 201C28 209 14 209 4.5 202C3 196 1.5 188 1.5 178Z",
        "hamstrings": (
            "M8 208C18 212 28 210 37 205C37 224 34 242 30.5 257C25 262 18 262 14.5 257C13.5 240 11 224 8 208Z"
        ),
        "calves": "M13 268C18 264 26 264 31 268C33 280 33 293 30 304C27 312 17 313 13.5 305C11 294 11 281 13 268Z",
        "rotator-cuff": "M20 85C26 81 34 80.5 41 86C36 93 30 98 22 102C18.5 98 18 91 20 85Z",
        "teres-major": "M22 104C28 100.5 34 96 40 92L40.5 98C36 103 29 107 23.5 109.5Z",
        "rhomboids": "M2.5 77L16.5 85L15.5 101L2.5 91Z",
        "levator-scapulae": "M7.2 51L9.4 52C10 61 14 67 19.5 72.5L15.5 76C10.5 69 7.2 60 7.2 51Z",
        "suboccipitals": "M-1 42L8 43L7.5 50L-1 51.5Z",
        "erector-spinae": "M1.5 86L6.5 86C8.5 110 9.5 140 8.5 166L1.5 172Z",
        "quadratus-lumborum": "M10 143L21 147C20.5 154 21.5 160 24 165L10 168Z",
        "multifidus": "M1 142L5.5 142C6.5 152 7 162 6.5 173L1 178Z",
    },
}
"""The shape of each muscle, by side."""
