# CPU image:   docker build -t dlviz --build-arg TORCH_INDEX=ADDRESS .
# GPU image:   docker build -t dlviz:gpu --build-arg DEVICE=cuda .
# Run:         docker run --rm -p 8501:8501 dlviz          (GPU: add --gpus all, and use dlviz:gpu)
#
# TORCH_INDEX is the address of the package index with torch's CPU builds; pytorch.org shows it under
# "Get started" when you choose Linux, Pip and CPU. Without it the CPU image works as well, but it holds
# the usual torch of Linux, which brings CUDA along and is several GB larger.
#
# tests/setup/test_image.py does these steps in a clean virtual environment, from the files that the COPY
# lines name, and asks the health address.

FROM python:3.11-slim

ARG TORCH_INDEX=""
ARG DEVICE=cpu

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DLVIZ_DEVICE=${DEVICE} \
    DLVIZ_ADDRESS=0.0.0.0 \
    DLVIZ_PORT=8501

RUN useradd --create-home --uid 10001 dlviz
WORKDIR /home/dlviz/app

COPY requirements.txt ./
RUN pip install --no-cache-dir ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} -r requirements.txt

COPY app.py ./
COPY .streamlit/config.toml ./.streamlit/
COPY pages ./pages
COPY assets ./assets
COPY dlviz ./dlviz

USER dlviz
EXPOSE 8501
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"DLVIZ_PORT\"]}/_stcore/health', timeout=4)"]

CMD ["python", "-m", "dlviz", "serve"]
