# shellcheck shell=bash
# Sounds a node needs when the program cannot give it any: music on hold, a beep, and what a kept caller is told.
# All are made here, so there is no licence to mind.

# node_sounds NODE: makes what is missing.
node_sounds() {
  local dir
  dir=$(node_dir "$1")
  [[ -s $dir/moh/calm.wav ]] || make_music "$dir/moh"
  [[ -s $dir/data/sounds/beep.wav ]] || sox -q -n -r 8000 -b 16 -c 1 "$dir/data/sounds/beep.wav" synth 0.4 sine 1000 gain -12 fade 0.01 0.4 0.01
  if [[ $1 == pbx ]]; then
    speak_fallback "$dir/data/sounds/cordboard"
  else
    speak_carrier "$dir/data/sounds/carrier"
  fi
}

# A slow turn through four soft chords: 32 seconds, no voice, low enough to talk over.
make_music() {
  local dir=$1 work chord index=0 parts=()
  work=$(mktemp -d)
  for chord in '261.63 329.63 392.00 493.88' '220.00 261.63 329.63 392.00' '174.61 220.00 261.63 329.63' '196.00 246.94 293.66 349.23'; do
    # shellcheck disable=SC2086  # four numbers, four arguments
    make_chord "$work/$index.wav" $chord
    parts+=("$work/$index.wav")
    index=$((index + 1))
  done
  sox -q "${parts[@]}" "$work/all.wav" reverb 40 gain -n -14
  sox -q "$work/all.wav" -r 16000 -b 16 -c 1 "$work/calm.wav16"  2>/dev/null || sox -q "$work/all.wav" -r 16000 -b 16 -c 1 -t wav "$work/calm.wav16"
  sox -q "$work/all.wav" -r 8000 -b 16 -c 1 "$work/calm.wav"
  mv "$work/calm.wav16" "$work/calm.wav" "$dir/"
  rm -rf "$work"
}

# make_chord FILE F1 F2 F3 F4: eight seconds, its notes entering one after the other.
make_chord() {
  sox -q -n -r 16000 -b 16 -c 1 "$1" synth 8 sine "$2" synth 8 sine mix "$3" synth 8 sine mix "$4" synth 8 sine mix "$5" \
    tremolo 0.25 30 lowpass 2400 fade t 1.5 8 1.5 gain -6
}

# speak FILE VOICE TEXT. For Mandarin the voice is cmn-latn-pinyin: plain cmn of espeak-ng 1.51 reads out the English
# letters and digits of the transcription.
speak() {
  local raw=$1.raw.wav
  espeak-ng -v "$2" -s 150 -w "$raw" "$3"
  sox -q "$raw" -r 16000 -b 16 -c 1 -t wav "$1.wav16" gain -n -3 pad 0.3 0.3
  sox -q "$raw" -r 8000 -b 16 -c 1 "$1.wav" gain -n -3 pad 0.3 0.3
  rm -f "$raw"
}

speak_fallback() {
  local dir=$1
  [[ -s $dir/congestion-zh.wav ]] && return
  speak "$dir/away-en" en-gb 'We are sorry, nobody can take your call at the moment. Please leave your name, your number and your message after the tone.'
  speak "$dir/away-zh" cmn-latn-pinyin '很抱歉，现在无法接听您的电话。请在提示音后留下您的姓名、电话号码和留言。'
  speak "$dir/thanks-en" en-gb 'Thank you. We will call you back. Goodbye.'
  speak "$dir/thanks-zh" cmn-latn-pinyin '谢谢，我们会尽快回电。再见。'
  speak "$dir/congestion-en" en-gb 'The telephone system is starting. Please try again in a minute.'
  speak "$dir/congestion-zh" cmn-latn-pinyin '电话系统正在启动，请稍后再拨。'
}

# What people and machines at the other end say, see asterisk/carrier/README.md.
speak_carrier() {
  local dir=$1
  mkdir -p "$dir"
  [[ -s $dir/hello.wav ]] && return
  speak "$dir/voicemail" en-gb 'Hello, you have reached the voicemail of the Miller family. We are not at home at the moment. Please leave your name and your number after the tone, and we will call you back as soon as we can.'
  speak "$dir/hello" en-gb 'Hello?'
}
